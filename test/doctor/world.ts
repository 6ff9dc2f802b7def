import {
  DeleteRouteCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRouteTablesCommand,
  type RouteTable,
} from '@aws-sdk/client-ec2';
import { type AppWorld, newAppWorld } from '../app/world.ts';
import type { Ran } from '../support/program.ts';

/** What `doctor --json` writes. */
export interface DoctorDocument {
  schema: number;
  command: string;
  account: string;
  region: string;
  endpoint: string;
  checks: {
    id: string;
    app?: string;
    group: string;
    title: string;
    problem?: string;
    status: 'pass' | 'warn' | 'fail' | 'skip';
    verdicts: { status: string; subject?: string; evidence: string; fix?: string }[];
    evidence: string;
    fix?: string;
    seconds: number;
  }[];
  causes: { id: string; app?: string; follows: string[] }[];
  calls: { total: number; changing: number };
  seconds: number;
}

export const ROUTE = 'network.route';

/** A cluster with two apps. */
export async function newDoctorWorld(): Promise<AppWorld> {
  const world = await newAppWorld();
  for (const app of ['parks', 'roads']) {
    const { exitCode, stderr } = await world.add(
      await world.clone(`city/${app}`),
      ...['--host', `${app}.example.gov`],
    );
    if (exitCode !== 0) throw new Error(`${app} was not added:\n${stderr}`);
  }
  return world;
}

export function documentOf({ stdout, stderr }: Ran): DoctorDocument {
  if (!stdout) throw new Error(`it wrote no document, but said:\n${stderr}`);
  return JSON.parse(stdout);
}

/** What somebody does in the console who means another route table. */
export async function loseTheWayOut({ aws }: AppWorld): Promise<string> {
  const table = await tableOf(aws);
  await aws.ec2.send(
    new DeleteRouteCommand({
      RouteTableId: table.RouteTableId,
      DestinationCidrBlock: '0.0.0.0/0',
    }),
  );
  return table.RouteTableId!;
}

export async function hasWayOut({ aws }: AppWorld): Promise<boolean> {
  const { Routes = [] } = await tableOf(aws);
  return Routes.some(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0');
}

/** The image that the cluster's instances start from, and an older one of AWS's for the same. */
export async function imagesOf({ aws }: AppWorld): Promise<[standing: string, older: string]> {
  const [versions, images] = await Promise.all([
    aws.ec2.send(new DescribeLaunchTemplateVersionsCommand(LATEST)),
    aws.ec2.send(
      new DescribeImagesCommand({
        Filters: [{ Name: 'name', Values: ['al2023-ami-ecs-hvm-2023.0.20251015-*-x86_64'] }],
      }),
    ),
  ]);
  const { LaunchTemplateData } = versions.LaunchTemplateVersions![0]!;
  return [LaunchTemplateData!.ImageId!, images.Images![0]!.ImageId!];
}

/** As somebody does who wants that very image. */
export async function useImage({ machine }: AppWorld, image: string): Promise<void> {
  const set = ['--set', `ami=${image}`, '--set', 'key-pair=none'];
  const { exitCode, stderr } = await machine.run('init-cluster', '--yes', '--no-wait', ...set);
  if (exitCode !== 0) throw new Error(`the image was not set:\n${stderr}`);
}

const LATEST = { LaunchTemplateName: 'digitalApps', Versions: ['$Latest'] };

async function tableOf(aws: AppWorld['aws']): Promise<RouteTable> {
  const Filters = [{ Name: 'tag-key', Values: ['digital-apps:cluster'] }];
  const { RouteTables = [] } = await aws.ec2.send(new DescribeRouteTablesCommand({ Filters }));
  return RouteTables[0]!;
}
