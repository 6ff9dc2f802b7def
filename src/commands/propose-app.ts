import { homedir } from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };
import { readEnvFile } from '../env-file/read.ts';
import { UserError } from '../errors.ts';
import { isIgnored, slugOf } from '../git.ts';
import { keptKeyFile } from '../kept-secrets.ts';
import { appQuestions, laterQuestions } from '../questions/app/index.ts';
import { type Beginning, nameQuestions } from '../questions/app/names.ts';
import { BACK, gather, mendedBy, verify } from '../questions/gather.ts';
import { readTemplates } from '../scaffold/templates.ts';
import type { AppAnswers } from '../tasks/app/answers.ts';
import { findCluster, ourClusters } from '../tasks/app/cluster.ts';
import { changedFiles, checkFiles } from '../tasks/app/files.ts';
import { appResources } from '../tasks/app/index.ts';
import { appNamesOf } from '../tasks/app/names.ts';
import type { Answered, Env, Place } from '../tasks/app/scope.ts';
import { namesOf } from '../tasks/cluster/names.ts';
import { makePlan } from '../tasks/plan.ts';
import { Standing } from '../tasks/standing.ts';
import { appTags, ourTags } from '../tasks/tags.ts';
import { Travis } from '../travis/client.ts';
import { type FoundToken, findToken, travisEndpoint } from '../travis/token.ts';
import type { Conversation, Proposal } from './conversation.ts';
import type { Session } from './session.ts';
import { answeredOf, type SoFar } from './setup.ts';

export interface AppOptions {
  /** The app's repository on this machine. */
  dir: string;
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
  for (let isBack = false; ; isBack = true) {
    const { place, token } = await askNames(options, soFar, session, conversation, isBack);
    conversation.busy('Looking at what stands…');
    const standing = new Standing();
    await standing.readByName(appResources, place);
    const asking = { place, standing, answers: soFar.given };
    const gathered = await gather({
      ...{ ...soFar, set: appQuestions, questions: laterQuestions },
      ...{ asking, ask },
    });
    if (gathered === BACK) {
      // Back from a single answer leads to the plan as it was, else to the names.
      if (soFar.only) soFar.only = {};
      continue;
    }
    const answers = complete({ ...soFar.said, ...gathered });
    const answered: Answered = {
      ...place,
      answers,
      travis: travisOf(token, answers, signal),
      wait: options.wait,
      templates: await templatesFor(answers),
      envFile: answers['env-file'] === 'none' ? undefined : await readEnvFile(answers['env-file']),
    };
    conversation.busy('Comparing it with what is wanted…');
    await verify(laterQuestions, { ...asking, answers });
    await mendedBy('access-key', () => standing.readByAnswer(appResources, answered));
    const env: Env = { ...answered, signal, waiting: () => {} };
    const { adopt } = options;
    const plan = await mendedBy('service', () => makePlan(appResources, env, standing, { adopt }));
    await checkFiles(plan, place.dir);
    return {
      plan,
      inShort: inShort(answered),
      answered: answeredOf(appQuestions, asking, answers),
      name: place.names.service,
    };
  }
}

/** Which app it is decides where everything of it is looked for, so this comes first. */
async function askNames(
  { dir }: AppOptions,
  soFar: SoFar,
  session: Session,
  conversation: Conversation,
  isBack: boolean,
): Promise<{ place: Place; token?: FoundToken }> {
  const { aws, identity, region, where } = session;
  const { ask } = conversation;
  const [slug, clusters, token] = await Promise.all([
    'repo' in { ...soFar.said, ...soFar.given } ? undefined : slugIn(dir, conversation),
    ourClusters(aws),
    // Without a server of one's own for it, the sandbox never talks to the real Travis CI.
    where.endpoint && !process.env.TRAVIS_ENDPOINT ? undefined : findToken(process.env, homedir()),
  ]);
  if (clusters.length === 0) throw noCluster(session);
  const base = { ...identity, aws, region, rename: '--set service=NAME' };
  const beginning: Beginning = {
    ...{ ...base, tags: {}, slug, clusters },
  };
  const asking = { place: beginning, standing: new Standing(), answers: soFar.given };
  for (let fromEnd = isBack; ; fromEnd = false) {
    const named = await gather({
      ...{ ...soFar, set: appQuestions, questions: nameQuestions },
      ...{ asking, ask, fromEnd },
    });
    if (named === BACK) {
      if (soFar.only) soFar.only = {};
      continue;
    }
    await verify(nameQuestions, { ...asking, answers: named });
    const { repo, cluster: name, service } = named as unknown as AppAnswers;
    const clusterNames = namesOf({ account: 'digital', cluster: name, bucket: 'cob' });
    const tags = ourTags(name, region);
    const cluster = await mendedBy('cluster', () =>
      findCluster({ ...base, names: clusterNames, tags }),
    );
    const { bucket, travisUser } = cluster;
    const appNames = appNamesOf({
      service,
      namespace: clusterNames.repositoryNamespace,
      travisUser,
    });
    return {
      token,
      place: {
        ...base,
        ...{ cluster, dir, slug: repo, tags: appTags(tags, service) },
        names: { ...clusterNames, bucket, travisUser, ...appNames },
        keyFile: keptKeyFile({
          ...{ account: identity.account, service, dir },
          sandbox: Boolean(where.endpoint),
        }),
        // Outside of git there is nothing to keep it out of.
        isEnvIgnored: await isIgnored(dir, '.env').catch(() => true),
        changedFiles: await changedFiles(dir),
        asksForToken: !token && !where.endpoint,
      },
    };
  }
}

/** Where somebody can be asked, it need not be known beforehand. */
async function slugIn(dir: string, { ask, remark }: Conversation): Promise<string | undefined> {
  try {
    const { owner, name } = await slugOf(dir);
    return `${owner}/${name}`;
  } catch (error) {
    if (!ask || !(error instanceof UserError)) throw error;
    remark(error.message);
  }
}

function noCluster({ region, where }: Session): UserError {
  return new UserError(
    `There is no cluster made by digital-apps in ${where.sandbox ? 'the sandbox' : region}.`,
    `Make one first: npx digital-apps init-cluster${where.sandbox ? ' --sandbox' : ''}; or name the Region that has it: --region.`,
  );
}

function travisOf(
  found: FoundToken | undefined,
  answers: AppAnswers,
  signal: AbortSignal,
): Travis | undefined {
  const typed = answers['travis-token'];
  const endpoint = travisEndpoint(process.env);
  if (typed !== 'none') return new Travis({ token: typed, endpoint, signal });
  return found && new Travis({ ...found, signal });
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
function inShort({ answers, names, dir, travis }: Answered): string[] {
  const certificate = { request: 'with a new certificate', none: 'off, there is no certificate' }[
    answers.certificate
  ];
  return [
    `App        ${names.service}, of ${answers.repo}, in the cluster ${answers.cluster}`,
    `Hosts      ${answers.host.join(', ')}`,
    `HTTPS      ${certificate ?? `with ${answers.certificate}`}${answers['https-only'] ? '; HTTP is sent on to it' : ''}`,
    `CloudFront ${answers.cdn ? 'before its assets' : 'no'}`,
    `.env       ${answers['env-file'] === 'none' ? 'none is uploaded' : answers['env-file']}`,
    `Files      in ${dir}, deployed with ${answers['deploy-with']} from ${answers.branch}`,
    `Travis     ${travis ? 'its variables are set' : 'no token: its variables are printed'}`,
  ];
}
