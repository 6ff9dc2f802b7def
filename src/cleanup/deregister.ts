import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { inBatches } from '../aws/batches.ts';
import type { Aws } from '../aws/clients.ts';
import { waitOutThrottling } from '../aws/throttling.ts';
import type { Looking } from '../checks/check.ts';
import { Pace } from '../pace.ts';
import type { AppOutcome, Step } from './outcome.ts';
import { type CleanupPlan, decideAgain } from './plan.ts';
import type { Family } from './state.ts';

/**
 * ECS takes 20 such calls at once and one a second after that, for the whole account and together
 * with the registrations that deploys make: some of both is left to them.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
export const LIMIT = { calls: 10, within: 11_000 };

/** An emulator does not mind how many calls come. */
const ANY = { calls: Number.POSITIVE_INFINITY, within: 0 };

/** The pace at which the calls of a whole run are made. */
export function paceFor({ aws, signal }: Looking): Pace {
  return new Pace(limitFor(aws), signal);
}

/** How long AWS makes a plan take, in seconds. */
export function secondsFor(aws: Aws, { decisions }: CleanupPlan): number {
  const { calls, within } = limitFor(aws);
  const all = [...decisions.revisions.values()].flatMap(({ remove }) => remove).length;
  return (Math.max(0, all - calls) * within) / calls / 1000;
}

function limitFor({ connection }: Aws) {
  return connection.endpoint ? ANY : LIMIT;
}

/** Before each so many, what runs is read again. */
const BATCH = 20;

/** Deregisters what is planned of a family, the oldest first. */
export async function deregister(
  looking: Looking,
  plan: CleanupPlan,
  { name }: Family,
  outcome: AppOutcome,
  pace: Pace,
  tell: (step: Step) => void,
): Promise<void> {
  const planned = plan.decisions.revisions.get(name)!.remove;
  let done = 0;
  for (const batch of inBatches(planned, BATCH)) {
    const { keep } = (await decideAgain(looking, plan)).revisions.get(name)!;
    for (const revision of batch) {
      const one = `${name}:${revision}`;
      const whys = keep.get(revision);
      if (whys) {
        outcome.spared.push({ what: `task definition ${one}`, why: whys.join(', ') });
        continue;
      }
      await pace.take(() => deregisterOne(looking, one));
      outcome.deregistered.push(revision);
    }
    done += batch.length;
    tell({ app: outcome.app, what: 'task definitions', done, of: planned.length });
  }
}

async function deregisterOne({ aws, signal }: Looking, taskDefinition: string): Promise<void> {
  try {
    const call = new DeregisterTaskDefinitionCommand({ taskDefinition });
    await waitOutThrottling(() => aws.ecs.send(call), signal);
  } catch (error) {
    const { name, message } = error as Error;
    // Somebody else was faster, or an answer got lost.
    if (!/^ClientException$/.test(name) || !/inactive|not found|does not exist/i.test(message)) {
      throw error;
    }
  }
}
