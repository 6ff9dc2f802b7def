import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeRouteTablesCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { allBut } from '../support/answers.ts';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { keys } from '../support/keys.ts';
import { type Machine, newMachine } from '../support/program.ts';
import { openTerminal, type Terminal, type TerminalOptions } from '../support/terminal.ts';
import { normal } from './normal.ts';

let emulator: Emulator;
let faults: Faults;
let machine: Machine;
let terminal: Terminal;

beforeAll(async () => {
  emulator = await startEmulator();
  faults = await startFaults(emulator.endpoint);
});
beforeEach(async () => {
  await emulator.reset();
  faults.clear();
  machine = await newMachine(faults.endpoint);
});
afterEach(async () => {
  terminal.close();
  await machine.remove();
});
afterAll(async () => {
  await faults.stop();
  await emulator.stop();
});

const changes = () => faults.calls.filter(({ changing }) => changing).map((c) => c.operation);
const open = (args: string[], options: Partial<TerminalOptions> = {}) => {
  terminal = openTerminal(['init-cluster', '--plain', ...args], {
    ...{ env: machine.env, cwd: machine.home },
    ...options,
  });
  return terminal;
};

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

test('every question is answered by keys, a wrong answer is explained and asked again', async () => {
  const { shows, press, text, ended } = open([]);
  const answer = async (question: string, ...pressed: string[]) => {
    await shows(question);
    press(...pressed, keys.enter);
  };
  await answer('the whole account shares?');
  await answer('What is the cluster called?', 'my_apps');
  await shows('“my_apps” will not do: AWS takes letters, digits and hyphens');
  press('parks', keys.enter);
  await answer('unique in the world?');
  await answer('environment variables? (cob-parks-config)');
  // One up from the first is the last: something else.
  await answer('Which instance type?', keys.up);
  await answer('Which instance type? (t3.small)', 't3.smal');
  await shows('us-east-2 has no instance type t3.smal. Did you mean t3.small?');
  press(keys.enter);
  await answer('start from? (recommended)');
  await answer('in GiB? (30)', '40');
  await answer('at the least? (1)', '3');
  await answer('to start with? (3)', '2');
  await shows('min is 3 and desired is 2: min cannot be more than desired.');
  press(keys.enter);
  await answer('at the most? (4)');
  await answer('Which network should the cluster live in?');
  await answer('address range does the network get? (10.20.0.0/16)');
  await answer('In which zones?', keys.down, keys.down, keys.space);
  await answer('connect by SSH? (none)', '203.0.113.0/24');
  await answer('Which key pair');
  await answer('Container Insights?', 'y');
  await answer('Which certificate');
  await shows('Do this in account 123456789012, us-east-2?');
  expect(changes()).toEqual([]);
  const asked = text();
  press('y', keys.enter);
  expect(await ended).toBe(0);

  const plan = asked.slice(asked.search(/^\d+ to create/m));
  await expect(normal(plan, machine)).toMatchFileSnapshot('golden/plan.txt');
  const report = text().slice(text().indexOf('\nDone: ') + 1);
  await expect(normal(report, machine)).toMatchFileSnapshot('golden/report.txt');
  const { ecs, elb } = awsClients(emulator.endpoint);
  const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['parks'] }));
  expect(clusters?.[0]?.registeredContainerInstancesCount).toBe(3);
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: ['parks'] }));
  expect(LoadBalancers?.[0]?.AvailabilityZones).toHaveLength(3);
});

test('an existing network is picked from a list, with its subnets', async () => {
  const { ec2, elb } = awsClients(emulator.endpoint);
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.9.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'city-hall' }] }],
    }),
  );
  const VpcId = Vpc!.VpcId!;
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
  const { RouteTables } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
  );
  await ec2.send(
    new CreateRouteCommand({
      ...{ RouteTableId: RouteTables![0]!.RouteTableId, GatewayId },
      DestinationCidrBlock: '0.0.0.0/0',
    }),
  );
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b', 'c'].entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        ...{ VpcId, CidrBlock: `10.9.${index}.0/24`, AvailabilityZone: `${REGION}${zone}` },
      }),
    );
    subnets.push(Subnet!.SubnetId!);
  }

  const { shows, press, ended } = open(['--no-wait', ...allBut('vpc', 'vpc-cidr', 'zones')]);
  await shows(`${VpcId}  city-hall  10.9.0.0/16`);
  press(keys.up, keys.enter); // the list wraps around: from "Make a new one" to the last
  await shows('Which of its subnets?');
  await shows(`${subnets[0]}  us-east-2a  10.9.0.0/24`);
  // All three are ticked: take the tick from two, which leaves too few, then give one back.
  press(keys.space, keys.down, keys.space, keys.enter);
  await shows('subnets must name two at least: a load balancer needs two zones.');
  press(keys.down, keys.down, keys.space, keys.enter);
  await shows('Do this in');
  press('y', keys.enter);
  expect(await ended).toBe(0);
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
  expect(LoadBalancers![0]).toMatchObject({ VpcId });
  expect(LoadBalancers![0]!.AvailabilityZones!.map((zone) => zone.SubnetId).sort()).toEqual(
    subnets.slice(0, 2).sort(),
  );
});

test('where the bucket’s name is taken, another is offered', async () => {
  await emulator.settings({ foreign_buckets: ['cob-digital-apps-config'] });
  const { shows, press, ended } = open(['--no-wait', ...allBut('bucket')]);
  await shows('cob-digital-apps-config-123456789012 (without the account it is taken)');
  press(keys.enter);
  await shows('Do this in');
  press('y', keys.enter);
  expect(await ended).toBe(0);
  const Bucket = 'cob-digital-apps-config-123456789012';
  await awsClients(emulator.endpoint).s3.send(new HeadBucketCommand({ Bucket }));
});

test.each([
  ['n', 'says no'],
  ['', 'says nothing'],
])('who declines changes nothing (%j: %s)', async (pressed) => {
  const { shows, press, text, ended } = open(allBut());
  await shows('Do this in');
  press(pressed, keys.enter);
  expect(await ended).toBe(130);
  expect(text()).toMatch(/Left; nothing was changed\.$/);
  expect(changes()).toEqual([]);
  const { Vpcs } = await awsClients(emulator.endpoint).ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs).toHaveLength(1);
});

test.each([
  ['a line', 'account-prefix', 'the whole account shares?'],
  ['a list', 'instance-type', 'Which instance type?'],
  ['several of a list', 'zones', 'In which zones?'],
  ['a yes or no', '', 'Do this in'],
])(
  'Ctrl-C at %s leaves at once, changes nothing and restores the terminal',
  async (_, asked, shown) => {
    const { shows, press, text, ended } = open(allBut(asked), {
      shell: '"$0" "$@"; echo "code $?"; stty -a',
    });
    await shows(shown);
    press(keys.ctrlC);
    await ended;
    expect(text()).toContain('Left; nothing was changed.\ncode 130\n');
    expectRestored(terminal);
    expect(changes()).toEqual([]);
  },
);

test('a signal at a prompt shows the cursor again', async () => {
  const { shows, kill, ended } = open(allBut('instance-type'));
  await shows('Which instance type?');
  expect(terminal.raw).toContain(HIDE_CURSOR);
  kill('SIGTERM');
  expect(await ended).toBe(130);
  expect(terminal.raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(
    terminal.raw.lastIndexOf(HIDE_CURSOR),
  );
});

function expectRestored({ raw, text }: Terminal): void {
  expect(raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThanOrEqual(raw.lastIndexOf(HIDE_CURSOR));
  for (const flag of ['icanon', 'echo', 'isig', 'icrnl', 'opost']) {
    expect(text()).toMatch(new RegExp(`(^|[ ;])${flag}\\b`, 'm'));
  }
}
