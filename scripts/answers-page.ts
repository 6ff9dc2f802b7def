import { appQuestions } from '../src/questions/app/index.ts';
import { clusterQuestions } from '../src/questions/cluster/index.ts';
import { type AnyQuestion, pagesOf, type QuestionSet } from '../src/questions/question.ts';

const HEAD = `<!-- Written by \`npm run docs\` from src/questions. -->

# Answers

All that \`init-cluster\` and \`add-app\` can be told beforehand. In a terminal they ask for what was not given; with \`--yes\` they take the usual answer instead.

Give answers on the command line:

    npx digital-apps init-cluster --yes --set cluster-prefix=cityApps --set zones=us-east-2a,us-east-2b
    npx digital-apps add-app --yes --set host=permits.example.gov --set health-check=/health

or in a file, YAML or JSON, which \`--set\` overrides:

    # answers.yml:  npx digital-apps init-cluster --yes --answers answers.yml
    cluster-prefix: cityApps
    instance-type: t3.medium
    ssh-cidrs:
      - 203.0.113.0/24

“What stands” means what there is in AWS, or in the app's repository, at that moment: a later run without any answers keeps it. Where that is not said, the usual answer is taken at every run: give yours every time, best in a file.
`;

const CLUSTER = `# init-cluster
`;

const APP = `# add-app

Five have flags of their own: \`--repo\`, \`--host\`, \`--env-file\`, \`--deploy-with\`, and \`--no-cdn\` for \`cdn=no\`.
`;

/** docs/answers.md, whole. */
export function answersPage(): string {
  return [HEAD, CLUSTER, ...pagesIn(clusterQuestions), APP, ...pagesIn(appQuestions)].join('\n');
}

function pagesIn({ questions }: QuestionSet): string[] {
  return pagesOf(questions).map((page) => pageOf(questions.filter((one) => one.page === page)));
}

function pageOf(questions: AnyQuestion[]): string {
  return [`## ${questions[0]?.page}`, '', ...questions.map(entry)].join('\n');
}

const FORMS = {
  text: '',
  number: ' A whole number.',
  'yes-no': ' `yes` or `no`.',
  list: ' A list.',
  secret: ' A secret, which is asked for and never given here.',
};

function entry({ key, ask, why, usual, kind }: AnyQuestion): string {
  return `**\`${key}\`** ${ask}${FORMS[kind]} ${why}\nUsual: ${usual}.\n`;
}
