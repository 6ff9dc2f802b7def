import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import {
  GetCommandInvocationCommand,
  paginateDescribeInstanceInformation,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { orAbsent } from '../../aws/absent.ts';
import { explain } from '../../aws/errors.ts';
import { onlyLooks } from '../../aws/journal.ts';
import { waitUntil } from '../../aws/waiting.ts';
import { Interrupted, StepFailed } from '../../errors.ts';
import type { Looking } from '../check.ts';
import { HOST_SCRIPT, type HostReport, hostReport } from './host-script.ts';
import { inBatches } from './instances.ts';
import { isUnwell, type Member, membersOf } from './members.ts';
import { once } from './once.ts';

/** Systems Manager takes this many instances in one command, or filter. */
const AT_ONCE = 50;
/** Seconds that an instance has to take the command, and to run it. */
const PATIENCE = 30;

/** An instance, and what could be learned from itself. */
export interface Host {
  member: Member;
  report?: HostReport;
  /** Where it could not be asked: why not, as far as that is known, and what it wrote to its console. */
  unasked?: { why?: string; console: string };
}

/**
 * Asks the instances that are not well, or with `deep` all of them, how they are: through Systems
 * Manager, else by their console. Asked once in a pass; it changes nothing on them.
 */
export function hostReports(looking: Looking): Promise<Host[]> {
  return once(looking, `hosts ${looking.deep}`, () => askHosts(looking));
}

async function askHosts(looking: Looking): Promise<Host[]> {
  const asked = (await membersOf(looking)).filter(
    (member) => member.instance?.State?.Name === 'running' && (looking.deep || isUnwell(member)),
  );
  const ids = asked.map(({ id }) => id);
  const { outputs, why } = await runOnHosts(looking, ids).then(
    (outputs) => ({ outputs, why: undefined }),
    (error) => ({ outputs: new Map<string, string>(), why: reasonOf(error) }),
  );
  return Promise.all(
    asked.map(async (member) => {
      const report = hostReport(outputs.get(member.id) ?? '');
      if (report || !isUnwell(member)) return { member, report };
      return { member, unasked: { why, console: await consoleOf(looking, member.id) } };
    }),
  );
}

/** Who may not use Systems Manager can still be helped. */
function reasonOf(error: unknown): string {
  if (error instanceof Interrupted) throw error;
  return explain(error).answer;
}

async function runOnHosts(looking: Looking, ids: string[]): Promise<Map<string, string>> {
  const batches = await Promise.all(
    inBatches(ids, AT_ONCE).map(async (batch) => {
      const online = await onlineOf(looking, batch);
      return online.length > 0 ? runOn(looking, online) : [];
    }),
  );
  return new Map(batches.flat());
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

async function runOn(looking: Looking, ids: string[]): Promise<[string, string][]> {
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
    // One of them went offline a moment ago.
    /^InvalidInstanceId$/,
  );
  const command = sent?.Command?.CommandId;
  if (!command) return [];
  return Promise.all(
    ids.map(async (id): Promise<[string, string]> => [id, await outputOf(looking, command, id)]),
  );
}

/** What the command wrote on that instance; empty where it did not run there. */
async function outputOf(
  { aws, signal }: Looking,
  CommandId: string,
  InstanceId: string,
): Promise<string> {
  try {
    return await waitUntil({
      signal,
      upTo: 2 * PATIENCE,
      async look() {
        const found = await orAbsent(
          aws.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId })),
          /^InvocationDoesNotExist$/,
        );
        const isUnderWay = /^(?:Pending|InProgress|Delayed|Cancelling)$/.test(
          found?.Status ?? 'Pending',
        );
        return isUnderWay ? undefined : (found?.StandardOutputContent ?? '');
      },
      givingUp: () => new StepFailed('The instance did not answer within a minute.'),
    });
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return '';
  }
}

/** The end of it; empty where EC2 has none, or does not tell. */
async function consoleOf({ aws }: Looking, InstanceId: string): Promise<string> {
  const asked = (Latest?: true) =>
    aws.ec2.send(new GetConsoleOutputCommand({ InstanceId, Latest })).then(
      ({ Output = '' }) => Buffer.from(Output, 'base64').toString(),
      () => undefined,
    );
  // Old instance types keep only what was written until they had booted.
  return (await asked(true)) ?? (await asked()) ?? '';
}
