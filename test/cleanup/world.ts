import { paginateDescribeImages } from '@aws-sdk/client-ecr';
import {
  CreateServiceCommand,
  paginateListTaskDefinitions,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { found } from '../app/found.ts';
import { type AppWorld, newAppWorld } from '../app/world.ts';
import type { Past } from '../support/emulator.ts';
import type { Ran } from '../support/program.ts';

const CLUSTER = 'digitalApps';

/** What `cleanup --json` writes. */
interface CleanupDocument {
  schema: number;
  cluster: string;
  keep: number;
  dryRun: boolean;
  apps: {
    app: string;
    taskDefinitions?: {
      family: string;
      planned: number[];
      kept: { revision: number; why: string[] }[];
      deregistered: number[];
    };
    images?: {
      repository: string;
      planned: { digest: string; tags: string[]; bytes: number }[];
      kept: { name: string; digest: string; why: string[] }[];
      deleted: string[];
      freedBytes: number;
      lifecycle: { set?: number; says?: string; wasSet?: number };
    };
    left: string[];
    spared: { what: string; why: string }[];
    errors: string[];
  }[];
  unused: { kind: string; says: string }[];
  calls: { total: number; changing: number };
}

export interface CleanupWorld extends AppWorld {
  /**
   * Adds an app that was deployed that often, and runs that revision; the last one if none is named.
   * Answers with its repository on the machine.
   */
  deployed(app: string, deploys: Partial<Past> & { runs?: number | 'none' }): Promise<string>;
  /** Deploys that revision once more. */
  redeploy(app: string, revision: number): Promise<void>;
  cleanup(...args: string[]): Promise<Ran & { document: CleanupDocument }>;
  /** The numbers of the active revisions, as AWS has them now. */
  active(family: string): Promise<number[]>;
  /** The tags of the images, and how many manifests there are in all. */
  images(app: string): Promise<{ tags: string[]; manifests: number }>;
}

/** A cluster without apps. */
export async function newCleanupWorld(): Promise<CleanupWorld> {
  const world = await newAppWorld();
  // What runs is what a test says.
  await world.emulator.settings({ services: false });
  const { aws, emulator, machine } = world;
  const redeploy = async (service: string, revision: number) => {
    await aws.ecs.send(
      new UpdateServiceCommand({
        ...{ cluster: CLUSTER, service, taskDefinition: `${service}:${revision}` },
      }),
    );
  };
  return {
    ...world,
    redeploy,
    async deployed(app, { revisions = 30, images = revisions, runs = revisions }) {
      const dir = await world.clone(`city/${app}`);
      const added = await world.add(
        dir,
        ...['--host', `${app}.example.gov`, '--no-cdn', '--set', 'certificate=none'],
      );
      if (added.exitCode !== 0) throw new Error(`${app} was not added:\n${added.stderr}`);
      const repository = `digital-apps/${app}`;
      await emulator.past({ family: app, repository, revisions, images });
      if (runs === 'none') return dir;
      const [{ TargetGroupArn: targetGroupArn } = {}] = await found.targetGroups(aws, app);
      await aws.ecs.send(
        new CreateServiceCommand({
          ...{ cluster: CLUSTER, serviceName: app, taskDefinition: `${app}:${runs}` },
          desiredCount: 1,
          loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 3000 }],
        }),
      );
      return dir;
    },
    async cleanup(...args) {
      world.faults.calls.length = 0;
      const ran = await machine.run('cleanup', ...args);
      const document = () => {
        if (!ran.stdout) throw new Error(`it wrote no document, but said:\n${ran.stderr}`);
        return JSON.parse(ran.stdout);
      };
      return Object.defineProperty(ran, 'document', { get: document }) as Ran & {
        document: CleanupDocument;
      };
    },
    async active(familyPrefix) {
      const pages = await Array.fromAsync(
        paginateListTaskDefinitions({ client: aws.ecs }, { familyPrefix, status: 'ACTIVE' }),
      );
      const arns = pages.flatMap(({ taskDefinitionArns = [] }) => taskDefinitionArns);
      return arns.map((arn) => Number(arn.split(':').at(-1))).sort((a, b) => a - b);
    },
    async images(app) {
      const pages = await Array.fromAsync(
        paginateDescribeImages({ client: aws.ecr }, { repositoryName: `digital-apps/${app}` }),
      );
      const all = pages.flatMap(({ imageDetails = [] }) => imageDetails);
      return { tags: all.flatMap(({ imageTags = [] }) => imageTags), manifests: all.length };
    },
  };
}
