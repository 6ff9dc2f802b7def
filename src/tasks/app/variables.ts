import { waitUntil } from '../../aws/waiting.ts';
import { StepFailed } from '../../errors.ts';
import { readKept } from '../../kept-secrets.ts';
import type { Variable } from '../../travis/variable.ts';
import { clusterOutputs } from '../cluster/outputs.ts';
import type { AnyResource, Needs, NoNeeds, Yields } from '../resource.ts';
import { accessKey } from './access-key.ts';
import { asLive, atTravis, branchOf, type LiveVariable, variableIn } from './lib/at-travis.ts';
import { type Answered, type Env, resourceWhen } from './scope.ts';
import { targetGroup } from './target-group.ts';

interface PublicVariable extends LiveVariable {
  /** As the build sees it. */
  value?: string;
}

interface SecretVariable extends LiveVariable {
  /** The access key that it goes with, as Travis CI has it; undefined while that is not certain. */
  goesWith?: string;
}

const KEY = 'AWS_ACCESS_KEY_ID';
const SECRET = 'AWS_SECRET_ACCESS_KEY';

const section = 'Travis';
const docs = 'https://docs.travis-ci.com/user/environment-variables/';
const hasToken = ({ travis }: Answered) => travis !== undefined;

interface Spec<N extends Needs> {
  name: string;
  why: string;
  needs: N;
  after?: AnyResource[];
  value(env: Env, needs: Yields<N>): string;
}

/** One of the guide's public variables, which are good to see and to compare. */
function publicVariable<const N extends Needs>({ name, why, needs, after, value }: Spec<N>) {
  const set = async (env: Env, live: PublicVariable, to: string) => {
    const wanted = { name, value: to, public: true, branch: live.branch };
    await env.travis!.update(env.slug, live.variableId, wanted);
    return { value: to, shown: true };
  };
  return resourceWhen<PublicVariable, N>(hasToken, {
    ...{ name, section, why, docs, needs, after },
    namedByAnswer: true,
    async read(answered) {
      const found = variableIn((await atTravis(answered)).variables, answered, name);
      return found && { ...asLive(found), value: found.value };
    },
    wanted: (env, needs) => ({ value: value(env, needs), shown: true }),
    async create(env, needs) {
      const wanted = { name, value: value(env, needs), public: true, branch: branchOf(env, name) };
      const made = await env.travis!.create(env.slug, wanted);
      return { ...asLive(made), value: made.value };
    },
    set: {
      value: ({ env, live, to }) => set(env, live, to!),
      shown: ({ env, live, needs }) => set(env, live, value(env, needs)),
    },
  });
}

const EXPLAINED: Record<string, string> = {
  AWS_CLOUDWATCH_LOGS_GROUP: 'Where the containers’ logs go.',
  AWS_DEFAULT_REGION: 'The cluster’s Region.',
  AWS_ECS_CLUSTER: 'The cluster that is deployed to.',
  AWS_ECS_REGISTRY: 'The account’s registry of container images.',
  AWS_ECS_REPOSITORY_NAMESPACE: 'Goes before the names of images.',
  AWS_ECS_SERVICE_ROLE_ARN: 'Registers containers with the load balancer.',
  AWS_ECS_TASK_ROLE_ARN: 'May read the config bucket.',
  AWS_S3_CONFIG_BUCKET: 'Has the app’s .env.',
};

/** The same for all apps of the cluster. */
const globals = Object.entries(EXPLAINED).map(([name, why]) =>
  publicVariable<NoNeeds>({
    ...{ name, why, needs: {} },
    value: (env) => clusterOutputs(env)[name]!,
  }),
);

const serviceName = publicVariable<NoNeeds>({
  name: 'AWS_ECS_SERVICE_NAME',
  why: 'The service that is deployed; also names images, logs and the .env.',
  needs: {},
  value: ({ names }) => names.service,
});

const targetGroupArn = publicVariable({
  name: 'AWS_EC2_TARGET_GROUP_ARN',
  why: 'Where the service registers its containers.',
  needs: { targetGroup },
  value: (_env, { targetGroup }) => targetGroup.arn,
});

export const secretKey = resourceWhen<SecretVariable, { accessKey: typeof accessKey }>(hasToken, {
  name: SECRET,
  section,
  why: 'Has the power to deploy; it is private, and no build log shows it.',
  docs,
  needs: { accessKey },
  namedByAnswer: true,
  async read(answered) {
    const [{ variables }, kept] = await Promise.all([
      atTravis(answered),
      readKept(answered.keyFile),
    ]);
    const live = secretIn(variables, answered);
    // A key is kept until Travis CI was told its secret: somebody may have set the id alone.
    return live?.goesWith && live.goesWith === kept?.id ? { ...live, goesWith: undefined } : live;
  },
  wanted: (_env, { accessKey }) => ({ shown: false, goesWith: accessKey.key }),
  create: (env, { accessKey }) => setSecret(env, accessKey),
  set: {
    goesWith: ({ env, live, needs }) => setSecret(env, needs.accessKey, live),
    shown: ({ env, live, needs }) => setSecret(env, needs.accessKey, live),
  },
});

interface Key {
  /** Its id. */
  key: string;
  created: Date;
}

async function setSecret(env: Env, key: Key, live?: SecretVariable): Promise<SecretVariable> {
  const kept = await readKept(env.keyFile);
  if (kept?.id !== key.key) return setByAnother(env, key);
  const branch = live ? live.branch : branchOf(env, SECRET);
  const wanted = { name: SECRET, value: kept.secret, public: false, branch };
  const set = live
    ? await env.travis!.update(env.slug, live.variableId, wanted)
    : await env.travis!.create(env.slug, wanted);
  return { ...asLive(set), goesWith: key.key };
}

/** In seconds: so long after a key was made, the run that has its secret may be about to set it, at Travis CI's pace. */
const GRACE = 60;

async function setByAnother(env: Env, { key, created }: Key): Promise<SecretVariable> {
  const isNew = Date.now() - created.getTime() < GRACE * 1000;
  return waitUntil({
    signal: env.signal,
    upTo: isNew ? GRACE : 0,
    async look() {
      env.waiting(`whether another run sets the secret of ${key}`);
      const variables = await env.travis!.variables(env.slug);
      // Whoever sets a secret sets the id after it.
      if (variableIn(variables, env, KEY)?.value !== key) return undefined;
      const live = secretIn(variables, env);
      if (!live || live.shown) throw noSecret(key);
      return live;
    },
    givingUp: () => noSecret(key),
  });
}

function noSecret(key: string): StepFailed {
  return new StepFailed(
    `The secret of the access key ${key} is not on this machine, and AWS shows it once.`,
    `Have a new key made in its place: --set access-key=replace-${key}.`,
  );
}

function secretIn(variables: Variable[], answered: Answered): SecretVariable | undefined {
  const secret = variableIn(variables, answered, SECRET);
  return secret && { ...asLive(secret), goesWith: variableIn(variables, answered, KEY)?.value };
}

/** By this one it is told whose the secret is, so it is set last. */
export const accessKeyId = publicVariable({
  name: KEY,
  why: 'The access key that Travis CI deploys with.',
  needs: { accessKey },
  after: [secretKey],
  value: (_env, { accessKey }) => accessKey.key,
});

/** The guide's Travis section. */
export const variables: AnyResource[] = [
  ...globals,
  accessKeyId,
  targetGroupArn,
  serviceName,
  secretKey,
];
