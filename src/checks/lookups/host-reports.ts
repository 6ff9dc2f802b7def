import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import {
  GetCommandInvocationCommand,
  paginateDescribeInstanceInformation,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { orAbsent } from '../../aws/absent.ts';
import { inBatches } from '../../aws/batches.ts';
import { explain } from '../../aws/errors.ts';
import { onlyLooks } from '../../aws/journal.ts';
import { waitOutThrottling } from '../../aws/throttling.ts';
import { waitUntil } from '../../aws/waiting.ts';
import { Interrupted, StepFailed } from '../../errors.ts';
import type { Looking } from '../check.ts';
import { HOST_SCRIPT, type HostReport, hostReport } from './host-script.ts';
import { isUnwell, type Member, membersOf, symptomOf } from './members.ts';
import { once, seldom } from './once.ts';

/** Systems Manager takes this many instances in one command, or filter. */
const AT_ONCE = 50;
/** Of those that are unwell alike, this many are asked. */
const SAMPLE = 20;
/** Seconds that an instance has to take the command, and to run it. */
const PATIENCE = 30;

/** An instance, and what could be learned from itself. */
export interface Host {
  member: Member;
  report?: HostReport;
  /** Where it could not be asked: why not, as far as that is known, and what it wrote to its console. */
  unasked?: { why?: string; console: Console };
}

/** The end of it, empty where EC2 has none; or why it could not be looked at. */
type Console = { text: string } | { why: string };

export interface HostReports {
  hosts: Host[];
  /** How many are as unwell as those, and for that reason were not asked. */
  left: number;
}

/**
 * Asks the instances that are not well, or with `deep` all of them, how they are: through Systems
 * Manager, else by their console. Each costs a call, since only by itself an answer is told whole
 * (ListCommandInvocations cuts it at 2,500 characters): of many that are unwell alike, some are
 * asked. Asked once in a pass, and of an instance with whom nothing has changed once in five
 * minutes: AWS keeps a record of every command. It changes nothing on them.
 */
export function hostReports(looking: Looking): Promise<HostReports> {
  return once(looking, `hosts ${looking.deep}`, () => askHosts(looking));
}

async function askHosts(looking: Looking): Promise<HostReports> {
  const running = (await membersOf(looking)).filter(
    ({ instance }) => instance?.State?.Name === 'running',
  );
  const unwell = running.filter((member) => isUnwell(looking, member));
  const asked = looking.deep ? running : sampleOf(looking, unwell);
  const hosts = await Promise.all(askEach(looking, asked));
  return { hosts, left: looking.deep ? 0 : unwell.length - asked.length };
}

/** Those in one command that were not asked a while ago. */
function askEach(looking: Looking, members: Member[]): Promise<Host>[] {
  const ids: string[] = [];
  const { promise: answers, resolve } = Promise.withResolvers<Map<string, Answer[1]>>();
  const hosts = members.map(async (member) => {
    const { id } = member;
    const learned = await seldom(looking, `host ${id} ${symptomOf(looking, member)}`, async () => {
      ids.push(id);
      const { output = '', why } = (await answers).get(id) ?? {};
      const report = hostReport(output);
      if (report || !isUnwell(looking, member)) return { report };
      return { unasked: { why, console: await consoleOf(looking, id) } };
    });
    return { member, ...learned };
  });
  resolve(runOnHosts(looking, ids));
  return hosts;
}

/** Of each kind of trouble, template and subnet the newest: one cause is likely behind it. */
function sampleOf(looking: Looking, unwell: Member[]): Member[] {
  const kinds = Map.groupBy(unwell, (member) =>
    [symptomOf(looking, member), member.templateVersion, member.instance?.SubnetId].join(' '),
  );
  const started = ({ instance }: Member) => Number(instance?.LaunchTime ?? 0);
  return [...kinds.values()].flatMap((alike) =>
    alike.toSorted((a, b) => started(b) - started(a)).slice(0, SAMPLE),
  );
}

/** Who may not look can still be helped. */
function reasonOf(error: unknown): string {
  if (error instanceof Interrupted) throw error;
  return explain(error).answer;
}

/** What an instance wrote; or why it could not be asked. */
type Answer = [id: string, { output?: string; why?: string }];

async function runOnHosts(looking: Looking, ids: string[]) {
  const batches = inBatches(ids, AT_ONCE).map((batch) =>
    onlineOf(looking, batch)
      .then((online) => runOn(looking, online))
      .catch((error) => batch.map((id): Answer => [id, { why: reasonOf(error) }])),
  );
  return new Map((await Promise.all(batches)).flat());
}

/** Those of them that Systems Manager can reach. */
async function onlineOf({ aws }: Looking, ids: string[]): Promise<string[]> {
  const pages = await Array.fromAsync(
    paginateDescribeInstanceInformation(
      { client: aws.ssm },
      { Filters: [{ Key: 'InstanceIds', Values: ids }], MaxResults: AT_ONCE },
    ),
  );
  return pages
    .flatMap(({ InstanceInformationList = [] }) => InstanceInformationList)
    .filter(({ PingStatus }) => PingStatus === 'Online')
    .map(({ InstanceId }) => InstanceId!);
}

async function runOn(looking: Looking, ids: string[]): Promise<Answer[]> {
  if (ids.length === 0) return [];
  const sent = await orAbsent(
    looking.aws.ssm.send(
      onlyLooks(
        new SendCommandCommand({
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: ids,
          TimeoutSeconds: PATIENCE,
          Parameters: { commands: HOST_SCRIPT, executionTimeout: [String(PATIENCE)] },
          Comment: 'digital-apps doctor reads logs',
        }),
      ),
    ),
    /^InvalidInstanceId$/,
  );
  if (!sent) return runOnSome(looking, ids);
  return Promise.all(
    ids.map((id) =>
      outputOf(looking, sent.Command!.CommandId!, id).then(
        (output): Answer => [id, { output }],
        (error): Answer => [id, { why: reasonOf(error) }],
      ),
    ),
  );
}

/** Where one of them went offline a moment ago, which is not told for sure: the others are asked all the same. */
async function runOnSome(looking: Looking, ids: string[]): Promise<Answer[]> {
  if (ids.length === 1) return [];
  const halves = inBatches(ids, Math.ceil(ids.length / 2));
  return (await Promise.all(halves.map((half) => runOn(looking, half)))).flat();
}

/** What the command wrote on that instance; empty where it did not run there. */
function outputOf(
  { aws, signal }: Looking,
  CommandId: string,
  InstanceId: string,
): Promise<string> {
  const ask = () => aws.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
  return waitUntil({
    signal,
    upTo: 2 * PATIENCE,
    async look() {
      const asked = waitOutThrottling(ask, signal);
      const found = await orAbsent(asked, /^InvocationDoesNotExist$/);
      const isUnderWay = /^(?:Pending|InProgress|Delayed|Cancelling)$/.test(
        found?.Status ?? 'Pending',
      );
      return isUnderWay ? undefined : (found?.StandardOutputContent ?? '');
    },
    givingUp: () => new StepFailed('The instance did not answer within a minute.'),
  });
}

async function consoleOf({ aws }: Looking, InstanceId: string): Promise<Console> {
  const ask = (Latest?: true) => aws.ec2.send(new GetConsoleOutputCommand({ InstanceId, Latest }));
  try {
    // Old instance types keep only what was written until they had booted.
    const { Output = '' } = (await orAbsent(ask(true), /^UnsupportedOperation$/)) ?? (await ask());
    return { text: Buffer.from(Output, 'base64').toString() };
  } catch (error) {
    return { why: reasonOf(error) };
  }
}
