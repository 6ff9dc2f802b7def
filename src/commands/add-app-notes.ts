import { trackedEnvFiles } from '../git.ts';
import { readKept } from '../kept-secrets.ts';
import { accessKey } from '../tasks/app/access-key.ts';
import { assetPrefixNote } from '../tasks/app/config-object.ts';
import { distribution } from '../tasks/app/distribution.ts';
import { files } from '../tasks/app/files.ts';
import { atTravis, branchOf } from '../tasks/app/lib/at-travis.ts';
import { pendingDns } from '../tasks/app/pending-dns.ts';
import type { Env } from '../tasks/app/scope.ts';
import { targetGroup } from '../tasks/app/target-group.ts';
import { clusterOutputs } from '../tasks/cluster/outputs.ts';
import type { Result } from '../tasks/graph.ts';
import { livesOf, type Plan } from '../tasks/plan.ts';
import { hiddenLine, setLine } from '../travis/lines.ts';
import type { Outputs } from './conversation.ts';
import { remarks } from './remarks.ts';
import { unchosen } from './unchosen.ts';

const SECRET = 'AWS_SECRET_ACCESS_KEY';

/** The app's variables and, where Travis CI is not told of them by us, the lines that set them. */
export async function outputsOf(
  plan: Plan,
  results: Result[],
  { showSecrets }: { showSecrets: boolean },
): Promise<Outputs> {
  const env = plan.env as Env;
  const lives = livesOf(results);
  const key = (lives.get(accessKey) as { key: string } | undefined)?.key;
  const group = lives.get(targetGroup) as { arn: string } | undefined;
  const values = {
    ...clusterOutputs(env),
    ...(key && { AWS_ACCESS_KEY_ID: key }),
    ...(group && { AWS_EC2_TARGET_GROUP_ARN: group.arn }),
    AWS_ECS_SERVICE_NAME: env.names.service,
  };
  if (env.travis)
    return { title: 'Set at Travis CI, with the secret access key beside them:', values };
  const isForAll = !branchOf(env, SECRET);
  const isNew = results.some(({ outcome }) => outcome === 'create' || outcome === 'change');
  return {
    title: 'Variables for Travis CI, none of them secret:',
    values,
    // Who changes nothing has them already.
    lines:
      isForAll && (isNew || showSecrets) ? await linesFor(env, values, showSecrets) : undefined,
  };
}

async function linesFor(
  { slug, keyFile }: Env,
  values: Record<string, string>,
  showSecrets: boolean,
): Promise<string[]> {
  const lines = Object.entries(values).map(([name, value]) =>
    setLine({ name, value, public: true }, slug),
  );
  const kept = await readKept(keyFile).catch(() => undefined);
  if (!kept) return lines;
  const secret = showSecrets
    ? setLine({ name: SECRET, value: kept.secret, public: false }, slug)
    : hiddenLine({ name: SECRET }, keyFile, slug);
  return [...lines, secret];
}

/** What a person should know or do after a run, a sentence each; after a dry run, what the plan says. */
export async function notesOf(plan: Plan, results: Result[]): Promise<string[]> {
  const env = plan.env as Env;
  const isDone = results.length > 0 && results.every(({ error }) => !error);
  return [
    ...(await aboutSecrets(env, results)),
    ...(isDone ? [...missingDns(env, results), ...(await aboutAssets(env, results))] : []),
    ...(await remarks(plan, results)),
    ...(await unchosen(env)),
    ...(isDone ? [...toCommit(results), await next(env), ...alarmLater(env)] : []),
  ];
}

async function aboutSecrets(env: Env, results: Result[]): Promise<string[]> {
  const tracked = await trackedEnvFiles(env.dir).catch(() => []);
  const kept = env.travis ? undefined : await readKept(env.keyFile).catch(() => undefined);
  const made = results.some(
    ({ resource, outcome }) => resource === accessKey && outcome === 'create',
  );
  return [
    ...tracked.map(
      (file) =>
        `git has ${file}: whoever sees the repository sees what is in it. Take it out (git rm --cached ${file}), and replace its secrets.`,
    ),
    ...(kept && made
      ? [`The secret access key is in ${env.keyFile} (mode 0600); AWS does not show it again.`]
      : []),
    ...(!env.travis && branchOf(env, SECRET)
      ? [
          `Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_EC2_TARGET_GROUP_ARN and AWS_ECS_SERVICE_NAME in Travis CI’s settings for the branch ${env.answers.branch} alone: its command cannot.`,
        ]
      : []),
  ];
}

/** Where the .env is kept up by hand, it has to name the distribution all the same. */
async function aboutAssets(env: Env, results: Result[]): Promise<string[]> {
  const live = livesOf(results).get(distribution) as { domainName: string } | undefined;
  if (!live || env.answers['env-file'] !== 'none') return [];
  const note = await assetPrefixNote(env, live).catch(() => undefined);
  return note ? [note] : [];
}

/** Nobody but those who keep the zone can make these. */
function missingDns(env: Env, results: Result[]): string[] {
  return pendingDns(env, livesOf(results)).map(
    ({ name, type, value, why }) =>
      `Ask those who keep your DNS for this record, which ${why}:\n${name}  ${type}  ${value}`,
  );
}

/** We commit nothing: what goes into the repository is a person's to say. */
function toCommit(results: Result[]): string[] {
  const written = results
    .filter(({ resource, outcome }) => files.includes(resource) && outcome !== 'keep')
    .map(({ resource }) => resource.name);
  if (written.length === 0) return [];
  return [`To commit: git add ${written.join(' ')}`];
}

/** What deploys with digital-apps makes it by itself. */
function alarmLater({ answers, isServing, names }: Env): string[] {
  if (isServing || answers['deploy-with'] !== 'ecs-cli') return [];
  return [
    `Once it is deployed, npx digital-apps doctor ${names.service} --fix makes the alarm that watches its containers.`,
  ];
}

async function next(env: Env): Promise<string> {
  const { answers, travis, slug } = env;
  if (env.aws.connection.isSandbox) {
    return 'Next: npx digital-apps deploy --sandbox, which puts a stand-in for its image into service.';
  }
  const first = !travis
    ? ', once the variables are set there,'
    : (await atTravis(env)).active
      ? ''
      : `, once its builds of ${slug} are switched on under https://app.travis-ci.com/account/repositories,`;
  const byHand =
    answers['deploy-with'] === 'ecs-cli'
      ? 'node deploy/ecs-deploy.js, with the variables set'
      : 'npx digital-apps deploy';
  return `Next: push to ${answers.branch}${first} and Travis CI deploys it; or by hand: ${byHand}`;
}
