import {
  AssociateRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  ReplaceRouteCommand,
  ReplaceRouteTableAssociationCommand,
  type RouteTable,
} from '@aws-sdk/client-ec2';
import type { Live } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { ec2Tags, tagEc2, taggedOurs } from './lib/ec2-tags.ts';
import { makeOne } from './lib/make-one.ts';
import { type Env, type Place, resourceWhen } from './scope.ts';
import { subnets } from './subnets.ts';
import { internetGateway, makesNetwork, vpc } from './vpc.ts';

const ANYWHERE = '0.0.0.0/0';

interface LiveRouteTable extends Live {
  /** Where 0.0.0.0/0 goes. */
  wayOut?: string;
  /** The subnets that follow it. */
  subnets: Set<string>;
}

export const routeTable = resourceWhen<
  LiveRouteTable,
  { vpc: typeof vpc; internetGateway: typeof internetGateway; subnets: typeof subnets }
>(makesNetwork, {
  name: 'Route table',
  section: 'VPC > Virtual Private Cloud (VPC)',
  console: 'vpcconsole/home#RouteTables:',
  why: 'Sends what leaves the subnets to the internet gateway; without it no instance can join the cluster.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
  needs: { vpc, internetGateway, subnets },
  async read(place) {
    const found = (await describeOurs(place))[0];
    return found && liveTable(found);
  },
  wanted: (_env, { internetGateway, subnets }) => ({
    wayOut: internetGateway?.id,
    subnets: new Set(subnets.subnets.map(({ id }) => id)),
  }),
  async create(env, { vpc }) {
    const { aws, names } = env;
    const kept = await makeOne({
      async create() {
        const { RouteTable } = await aws.ec2.send(
          new CreateRouteTableCommand({
            VpcId: vpc.id,
            TagSpecifications: ec2Tags(env, 'route-table', names.network),
          }),
        );
        return RouteTable!;
      },
      idOf: ({ RouteTableId }) => RouteTableId!,
      all: () => describeOurs(env),
      remove: (id) => aws.ec2.send(new DeleteRouteTableCommand({ RouteTableId: id })),
    });
    return liveTable(kept);
  },
  set: {
    async wayOut({ env, live, to }) {
      const route = { RouteTableId: live.id, DestinationCidrBlock: ANYWHERE, GatewayId: to };
      const Command = live.wayOut ? ReplaceRouteCommand : CreateRouteCommand;
      await env.aws.ec2.send(new Command(route)).catch((error: Error) => {
        if (error.name !== 'RouteAlreadyExists') throw error;
      });
    },
    async subnets({ env, live, to }) {
      const without = [...to].filter((id) => !live.subnets.has(id));
      await Promise.all(without.map((subnet) => associate(env, live.id, subnet)));
    },
  },
  tag: tagEc2,
});

async function describeOurs({ aws, tags }: Place): Promise<RouteTable[]> {
  const { RouteTables = [] } = await aws.ec2.send(
    new DescribeRouteTablesCommand({ Filters: taggedOurs(tags) }),
  );
  return RouteTables.sort((a, b) => a.RouteTableId!.localeCompare(b.RouteTableId!));
}

function liveTable({
  RouteTableId,
  Tags,
  Routes = [],
  Associations = [],
}: RouteTable): LiveRouteTable {
  const out = Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === ANYWHERE);
  return {
    id: RouteTableId!,
    tags: fromTagList(Tags),
    wayOut:
      out &&
      (out.State === 'blackhole' ? 'a gateway that is gone' : (out.GatewayId ?? 'elsewhere')),
    subnets: new Set(Associations.flatMap(({ SubnetId }) => SubnetId ?? [])),
  };
}

/** A subnet follows one table at a time: where it follows another, that is replaced. */
async function associate({ aws }: Env, RouteTableId: string, SubnetId: string): Promise<void> {
  try {
    await aws.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  } catch (error) {
    if ((error as Error).name !== 'Resource.AlreadyAssociated') throw error;
    const { RouteTables = [] } = await aws.ec2.send(
      new DescribeRouteTablesCommand({
        Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }],
      }),
    );
    const followed = RouteTables[0];
    if (!followed || followed.RouteTableId === RouteTableId) return;
    const { RouteTableAssociationId: AssociationId } =
      followed.Associations?.find((association) => association.SubnetId === SubnetId) ?? {};
    await aws.ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId }));
  }
}
