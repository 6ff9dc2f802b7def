import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aws } from '../../../src/aws/clients.ts';
import { whoAmI } from '../../../src/aws/identity.ts';
import { Journal } from '../../../src/aws/journal.ts';
import type { AppAnswers } from '../../../src/tasks/app/answers.ts';
import { findCluster } from '../../../src/tasks/app/cluster.ts';
import { appNamesOf } from '../../../src/tasks/app/names.ts';
import type { Env } from '../../../src/tasks/app/scope.ts';
import { namesOf } from '../../../src/tasks/cluster/names.ts';
import { appTags, ourTags } from '../../../src/tasks/tags.ts';
import { awsClients, REGION, startEmulator } from '../../support/emulator.ts';
import { startFaults } from '../../support/faults.ts';
import { newMachine } from '../../support/program.ts';

const CREDENTIALS = { accessKeyId: 'AKIAFAKE', secretAccessKey: 'never-to-be-seen' };

/** A cluster in a local AWS, apps to add to it, and what passes between. */
export type AppWorld = Awaited<ReturnType<typeof newAppWorld>>;

export async function newAppWorld() {
  const emulator = await startEmulator();
  const faults = await startFaults(emulator.endpoint);
  const machine = await newMachine(emulator.endpoint);
  const ran = await machine.run('init-cluster', '--yes', '--no-wait');
  if (ran.exitCode !== 0) throw new Error(`the cluster was not made:\n${ran.stderr}`);
  const home = await mkdtemp(join(tmpdir(), 'digital-apps-app-'));
  const clusterNames = namesOf({ account: 'digital', cluster: 'digitalApps', bucket: 'cob' });
  return {
    emulator,
    faults,
    home,
    /** Past the proxy: what is done here is not in the record. */
    aws: awsClients(emulator.endpoint),
    /** What the resources of an app are given, as in a run of its own. */
    async app(service: string, answers: Partial<AppAnswers> = {}): Promise<Env> {
      const signal = new AbortController().signal;
      const aws = new Aws({
        ...{ region: REGION, endpoint: faults.endpoint, credentials: CREDENTIALS, signal },
        journal: new Journal(join(home, 'log', `${service}.jsonl`)),
      });
      const tags = ourTags('digitalApps', REGION);
      const base = { ...(await whoAmI(aws)), aws, region: REGION, rename: '--set service=NAME' };
      const cluster = await findCluster({ ...base, names: clusterNames, tags });
      const { repositoryNamespace: namespace } = clusterNames;
      const appNames = appNamesOf({ service, namespace, travisUser: cluster.travisUser });
      return {
        ...base,
        names: { ...clusterNames, ...appNames },
        tags: appTags(tags, service),
        ...{ cluster, slug: `example/${service}`, dir: join(home, service) },
        keyFile: join(home, 'keys', `${service}.env`),
        answers: { ...ANSWERS, service, host: [`${service}.example.gov`], ...answers },
        ...{ isEnvIgnored: true, changedFiles: [], asksForToken: false, templates: [] },
        ...{ wait: false, signal, waiting: () => {} },
      };
    },
    /** The operations that could change something, as recorded, in the order of arrival. */
    changing: () => faults.calls.filter((call) => call.changing).map((call) => call.operation),
    async stop() {
      await faults.stop();
      await emulator.stop();
      await machine.remove();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const ANSWERS: AppAnswers = {
  repo: 'example/app',
  cluster: 'digitalApps',
  service: 'app',
  host: ['app.example.gov'],
  'health-check': '/admin/ok',
  certificate: 'none',
  'https-only': false,
  cdn: true,
  'keep-images': 100,
  'access-key': 'new',
  'env-file': 'none',
  'deploy-with': 'digital-apps',
  branch: 'main',
  'replace-files': [],
  gitignore: false,
  'travis-token': 'none',
};
