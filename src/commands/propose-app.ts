import packageJson from '../../package.json' with { type: 'json' };
import { readEnvFile } from '../env-file/read.ts';
import { appQuestions, laterQuestions } from '../questions/app/index.ts';
import { BACK, mendedBy, verify } from '../questions/gather.ts';
import { readTemplates } from '../scaffold/templates.ts';
import type { AppAnswers } from '../tasks/app/answers.ts';
import { checkFiles } from '../tasks/app/files.ts';
import { appResources } from '../tasks/app/index.ts';
import { atTravis } from '../tasks/app/lib/at-travis.ts';
import type { Answered, Env, Place } from '../tasks/app/scope.ts';
import { targetGroup } from '../tasks/app/target-group.ts';
import { makePlan } from '../tasks/plan.ts';
import type { AnyResource } from '../tasks/resource.ts';
import { Standing } from '../tasks/standing.ts';
import { Travis } from '../travis/client.ts';
import { type FoundToken, travisEndpoint } from '../travis/token.ts';
import { askWhichApp } from './app-place.ts';
import type { Conversation, Proposal } from './conversation.ts';
import type { Session } from './session.ts';
import { answeredOf } from './setup.ts';
import { gatherMore, type SoFar } from './so-far.ts';

export interface AppOptions {
  /** The app's repository on this machine; absent where it is not here. */
  dir?: string;
  /** What of the app is looked at, and made; all of it where nothing is said. */
  resources?: AnyResource[];
  adopt: boolean;
  /** Whether to wait for what AWS takes its time for. */
  wait: boolean;
}

/**
 * Asks what is to be asked, looks at what stands, and compares. Changes nothing.
 * @throws UserError where an answer is not possible or what stands is in the way.
 */
export async function proposeApp(
  options: AppOptions,
  soFar: SoFar,
  session: Session,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<Proposal> {
  const { ask } = conversation;
  const { resources = appResources } = options;
  const { reads } = session.aws;
  // A person takes their time, and may mend in between what they were told of.
  if (!ask) reads.remember();
  for (let isBack = false; ; isBack = true) {
    const { place, token } = await askWhichApp(options.dir, soFar, session, conversation, isBack);
    conversation.busy('Looking at what stands…');
    const standing = new Standing();
    const known = travisOf(token, complete(soFar.given), signal);
    await Promise.all([
      standing.readByName(resources, place),
      ask || lookAhead(resources, place, soFar.given, known),
    ]);
    const asking = { place, standing, answers: soFar.given };
    const asked = { set: appQuestions, questions: laterQuestions, asking, ask };
    const gathered = await gatherMore(soFar, asked);
    if (gathered === BACK) continue;
    const answers = complete({ ...soFar.said, ...gathered });
    const answered: Answered = {
      ...place,
      answers,
      travis: answers['travis-token'] === 'none' ? known : travisOf(token, answers, signal),
      isServing: standing.get(targetGroup)?.isServing ?? false,
      wait: options.wait,
      templates: await templatesFor(answers),
      envFile: answers['env-file'] === 'none' ? undefined : await readEnvFile(answers['env-file']),
    };
    conversation.busy('Comparing it with what is wanted…');
    await Promise.all([
      verify(laterQuestions, { ...asking, answers }),
      answered.travis && mendedBy('travis-token', () => atTravis(answered)),
    ]);
    await mendedBy('access-key', () => standing.readByAnswer(resources, answered));
    reads.forget();
    const env: Env = { ...answered, signal, waiting: () => {} };
    const { adopt } = options;
    const plan = await mendedBy('service', () => makePlan(resources, env, standing, { adopt }));
    await checkFiles(plan, place.dir);
    return {
      plan,
      inShort: inShort(answered),
      answered: answeredOf(appQuestions, asking, answers),
      name: place.names.service,
    };
  }
}

/** Looks already by what will probably be answered, so that most is known by then. */
async function lookAhead(
  resources: AnyResource[],
  place: Place,
  given: object,
  travis?: Travis,
): Promise<void> {
  const likely = { host: [], certificate: 'request', cdn: true, 'access-key': 'new' };
  const without = { 'alarm-email': 'none', monitoring: [], 'env-file': 'none', branch: '' };
  const answers = complete({ ...likely, ...without, ...given });
  const nothing = { wait: false, isServing: false, templates: [] };
  const answered = { ...place, ...nothing, answers, travis };
  // What is wrong is said when it is really looked for.
  await new Standing().readByAnswer(resources, answered).catch(() => {});
}

function travisOf(
  found: FoundToken | undefined,
  answers: AppAnswers,
  signal: AbortSignal,
): Travis | undefined {
  const typed = answers['travis-token'];
  if (typed === 'none') return found && new Travis({ ...found, signal });
  return new Travis({ token: typed, endpoint: travisEndpoint(process.env), signal });
}

function templatesFor({ 'deploy-with': flavour, branch }: AppAnswers) {
  return readTemplates(flavour, { version: packageJson.version, branch });
}

/** Where a question did not arise or apply, its answer changes nothing. */
function complete(answers: Record<string, unknown>): AppAnswers {
  return {
    ...{ gitignore: false, 'replace-files': [], 'travis-token': 'none', 'https-only': false },
    ...answers,
  } as unknown as AppAnswers;
}

/** What will stand, in a few lines. */
function inShort({ answers, names, dir, travis, isServing }: Answered): string[] {
  const certificate = { request: 'with a new certificate', none: 'off, no certificate is chosen' }[
    answers.certificate
  ];
  return [
    `App        ${names.service}, of ${answers.repo}, in the cluster ${names.cluster}`,
    `Hosts      ${answers.host.join(', ')}`,
    `HTTPS      ${certificate ?? `with ${answers.certificate}`}${answers['https-only'] ? '; HTTP is sent on to it' : ''}`,
    `Health     GET ${answers['health-check']} must answer 200; the port is in deploy/docker-compose.yml`,
    `CloudFront ${answers.cdn ? 'before its assets' : 'no'}`,
    `Alarm      ${isServing ? '' : 'from the first deploy on, '}when no container is well; ${answers['alarm-email'] === 'none' ? 'no mail' : `mail to ${answers['alarm-email']}`}`,
    `.env       ${answers['env-file'] === 'none' ? 'none is uploaded' : answers['env-file']}`,
    `Files      in ${dir}, deployed with ${answers['deploy-with']} from ${answers.branch}`,
    `Travis     ${travis ? 'its variables are set' : 'no token: its variables are printed'}`,
  ];
}
