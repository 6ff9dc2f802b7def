import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aws } from '../../../src/aws/clients.ts';
import { Journal } from '../../../src/aws/journal.ts';
import { attention } from '../../../src/commands/remarks.ts';
import type { AppAnswers } from '../../../src/tasks/app/answers.ts';
import { findCluster } from '../../../src/tasks/app/cluster.ts';
import { appNamesOf } from '../../../src/tasks/app/names.ts';
import type { Env } from '../../../src/tasks/app/scope.ts';
import { namesOf } from '../../../src/tasks/cluster/names.ts';
import { run } from '../../../src/tasks/graph.ts';
import { livesOf, type Plan } from '../../../src/tasks/plan.ts';
import type { AnyResource } from '../../../src/tasks/resource.ts';
import { appTags, ourTags } from '../../../src/tasks/tags.ts';
import { awsClients, type Emulator, REGION } from '../../support/emulator.ts';
import { type Faults, startFaults } from '../../support/faults.ts';
import { startWithCluster } from '../../support/standing.ts';
import { plan as planOf } from '../fakes.ts';

/** What a test says otherwise of an app. */
export interface App {
  service: string;
  /** Whether a container of it answers. */
  isServing?: boolean;
  answers?: Partial<AppAnswers>;
  wait?: boolean;
}

export interface AppWorld {
  emulator: Emulator;
  /** Between the resources and AWS. */
  faults: Faults;
  /** Past the proxy. */
  aws: ReturnType<typeof awsClients>;
  /** As a command would find it now. */
  env(app: App): Promise<Env>;
  /** The operations that could change something, in the order of arrival. */
  changing(): string[];
  plan(resources: AnyResource[], app: App): Promise<Plan>;
  /** Plans and runs. */
  run(resources: AnyResource[], app: App): ReturnType<typeof carryOut>;
  stop(): Promise<void>;
}

/** A cluster for the apps of one test file; each test takes an app of its own. */
export async function newAppWorld(): Promise<AppWorld> {
  const { emulator } = await startWithCluster();
  const faults = await startFaults(emulator.endpoint);
  const directory = await mkdtemp(join(tmpdir(), 'digital-apps-app-'));
  const world: AppWorld = {
    emulator,
    faults,
    aws: awsClients(emulator.endpoint),
    env: (app) => envOf(faults.endpoint, directory, app),
    changing: () => faults.calls.filter((call) => call.changing).map((call) => call.operation),
    plan: async (resources, app) => planOf(resources, { env: await world.env(app) }),
    run: async (resources, app) => carryOut(await world.plan(resources, app)),
    async stop() {
      await faults.stop();
      await emulator.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

async function carryOut(plan: Plan) {
  const results = await run(plan, () => {});
  const named = results.map(({ resource, outcome }) => [resource.name, outcome]);
  return {
    plan,
    results,
    lives: livesOf(results),
    /** What became of each. */
    outcomes: Object.fromEntries(named) as Record<string, string>,
    /** Of those that are not as wanted. */
    errors: results.flatMap(({ error }) => error?.answer ?? []),
    attention: attention(plan, results),
  };
}

async function envOf(endpoint: string, dir: string, app: App): Promise<Env> {
  const { signal } = new AbortController();
  const aws = new Aws({
    region: REGION,
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    journal: new Journal(join(dir, 'journal')),
    signal,
  });
  const names = namesOf({ account: 'digital', cluster: 'digitalApps', bucket: 'cob' });
  const place = {
    aws,
    region: REGION,
    account: '123456789012',
    caller: 'arn:aws:iam::123456789012:user/test',
    partition: 'aws',
    names,
    tags: ourTags(names.cluster, REGION),
    rename: '--set service=NAME',
  };
  const cluster = await findCluster(place);
  const appNames = appNamesOf({
    service: app.service,
    namespace: names.repositoryNamespace,
    travisUser: cluster.travisUser,
  });
  return {
    ...place,
    names: { ...names, ...appNames },
    tags: appTags(place.tags, appNames.service),
    cluster,
    clusters: ['digitalApps'],
    slug: `example/${app.service}`,
    dir,
    keyFile: join(dir, 'keys', `${app.service}.env`),
    ...{ isEnvIgnored: true, branches: [], changedFiles: [], asksForToken: false, templates: [] },
    answers: answersOf(app),
    isServing: app.isServing ?? false,
    wait: app.wait ?? true,
    signal,
    waiting: () => {},
  };
}

function answersOf({ service, answers }: App): AppAnswers {
  return {
    repo: `example/${service}`,
    cluster: 'digitalApps',
    service,
    host: [`${service}.example.gov`],
    'health-check': '/admin/ok',
    certificate: 'none',
    'https-only': false,
    cdn: false,
    'alarm-email': 'none',
    monitoring: [],
    'keep-images': 30,
    'access-key': 'new',
    'env-file': 'none',
    'deploy-with': 'digital-apps',
    branch: 'develop',
    'replace-files': [],
    gitignore: true,
    'travis-token': 'none',
    ...answers,
  };
}
