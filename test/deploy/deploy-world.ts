import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { found } from '../app/found.ts';
import { type AppWorld, newAppWorld } from '../app/world.ts';
import type { Ran } from '../support/program.ts';

/** Elsewhere than in our registry, so that the emulator takes it to be there. */
export const IMAGE = 'docker.io/library/nginx:1.29';

/** What `deploy --json` writes. */
interface DeployDocument {
  schema: number;
  service: string;
  cluster: string;
  image: string;
  digest?: string;
  before?: string;
  taskDefinition?: string;
  changes: { field: string; from?: unknown; to?: unknown }[];
  unchanged: boolean;
  result: string;
  cause?: string;
  tasks?: { reason: string }[];
  remarks: string[];
  calls: { total: number; changing: number };
}

/** A cluster, and in it an app that was set up and not deployed yet. */
export interface DeployWorld extends AppWorld {
  /** The app's repository. */
  dir: string;
  /** `deploy --json` in that folder; the record of calls is of that run alone. */
  deploy(...args: string[]): Promise<Ran & { document: DeployDocument }>;
  service(): Promise<Service>;
  /** The task definition that the service runs. */
  running(): Promise<TaskDefinition>;
  /** The ARN of its target group. */
  targetGroup(): Promise<string>;
  /** Of its targets. */
  health(): Promise<string[]>;
  /** Changes docker-compose.yml. */
  compose(from: string, to: string): Promise<void>;
}

export async function newDeployWorld(app: string): Promise<DeployWorld> {
  const world = await newAppWorld();
  await world.emulator.settings({ task_delay: 0.2 });
  const dir = await world.clone(`city/${app}`);
  const added = await world.add(dir, '--host', `${app}.example.gov`);
  if (added.exitCode !== 0) throw new Error(`${app} was not added:\n${added.stderr}`);
  const { ecs, elb } = world.aws;
  const self: DeployWorld = {
    ...world,
    dir,
    async deploy(...args) {
      world.faults.calls.length = 0;
      const ran = await world.machine.run('deploy', '--json', '--dir', dir, ...args);
      const document = () => ran.json as unknown as DeployDocument;
      return Object.defineProperty(ran, 'document', { get: document }) as Ran & {
        document: DeployDocument;
      };
    },
    async service() {
      const described = await ecs.send(
        new DescribeServicesCommand({ cluster: 'digitalApps', services: [app] }),
      );
      return described.services![0]!;
    },
    async running() {
      const { taskDefinition } = await self.service();
      const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      return described.taskDefinition!;
    },
    async targetGroup() {
      const [group] = await found.targetGroups(world.aws, app);
      return group!.TargetGroupArn!;
    },
    async health() {
      const TargetGroupArn = await self.targetGroup();
      const { TargetHealthDescriptions = [] } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth!.State!);
    },
    async compose(from, to) {
      const file = join(dir, 'deploy/docker-compose.yml');
      const text = await readFile(file, 'utf8');
      if (!text.includes(from)) throw new Error(`docker-compose.yml has no ${from}`);
      await writeFile(file, text.replace(from, to));
    },
  };
  return self;
}
