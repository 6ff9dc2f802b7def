import { clusterQuestions } from '../src/questions/cluster/index.ts';
import { type AnyQuestion, pagesOf } from '../src/questions/question.ts';

const HEAD = `<!-- Written by \`npm run docs\` from src/questions. -->

# Answers

All that \`init-cluster\` can be told beforehand. In a terminal it asks for what was not given; with \`--yes\` it takes the usual answer instead.

Give answers on the command line:

    npx digital-apps init-cluster --yes --set cluster-prefix=cityApps --set zones=us-east-2a,us-east-2b

or in a file, YAML or JSON, which \`--set\` overrides:

    # answers.yml:  npx digital-apps init-cluster --yes --answers answers.yml
    cluster-prefix: cityApps
    instance-type: t3.medium
    ssh-cidrs:
      - 203.0.113.0/24

“What stands” means what the cluster has in AWS at that moment: a later run without any answers keeps it. \`ami\` and the three prefixes are the exception: what you gave for them you give every time, best in a file.
`;

/** docs/answers.md, whole. */
export function answersPage(): string {
  const { questions } = clusterQuestions;
  const pages = pagesOf(questions).map((page) => questions.filter((one) => one.page === page));
  return `${[HEAD, ...pages.map(pageOf)].join('\n')}`;
}

function pageOf(questions: AnyQuestion[]): string {
  return [`## ${questions[0]?.page}`, '', ...questions.map(entry)].join('\n');
}

function entry({ key, ask, why, usual, kind }: AnyQuestion): string {
  const form = {
    text: '',
    number: ' A whole number.',
    'yes-no': ' `yes` or `no`.',
    list: ' A list.',
    secret: '',
  };
  return `**\`${key}\`** ${ask}${form[kind as keyof typeof form]} ${why}\nUsual: ${usual}.\n`;
}
