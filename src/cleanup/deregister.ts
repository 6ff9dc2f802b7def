import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { Aws } from '../aws/clients.ts';
import { waitOutThrottling } from '../aws/throttling.ts';
import type { Looking } from '../checks/check.ts';
import { Pace } from '../pace.ts';
import type { RevisionDecisions } from './decide.ts';
import type { AppOutcome, Step } from './outcome.ts';
import type { CleanupPlan } from './plan.ts';
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

/** So old may be what is known of what runs, in milliseconds: some calls for each few seconds are what ECS has room for. */
const RECENT = 2_000;

/** What was found of late; looks anew where that was too long ago. */
export function recently<Found>(look: () => Promise<Found>): () => Promise<Found> {
  let found: Found | undefined;
  let at = Number.NEGATIVE_INFINITY;
  return async () => {
    if (found !== undefined && performance.now() - at <= RECENT) return found;
    found = await look();
    at = performance.now();
    return found;
  };
}

/** What all apps have in common, as ECS counts their calls together. */
interface Together {
  pace: Pace;
  /** What may go as things run now. */
  now(): Promise<RevisionDecisions>;
}

/** Deregisters what is planned of a family, the oldest first; what has come into use since stays. */
export async function deregister(
  looking: Looking,
  plan: CleanupPlan,
  { name }: Family,
  outcome: AppOutcome,
  { pace, now }: Together,
  tell: (step: Step) => void,
): Promise<void> {
  const planned = plan.decisions.revisions.get(name)!.remove;
  for (const [index, revision] of planned.entries()) {
    const one = `${name}:${revision}`;
    // After each wait it is looked again, too.
    const unlessNeeded = async () => {
      const whys = (await now()).get(name)!.keep.get(revision);
      if (!whys) await deregisterOne(looking.aws, one);
      return whys;
    };
    const whys = await pace.take(() => waitOutThrottling(unlessNeeded, looking.signal));
    if (whys) outcome.spared.push({ what: `task definition ${one}`, why: whys.join(', ') });
    else outcome.deregistered.push(revision);
    tell({ app: outcome.app, what: 'task definitions', done: index + 1, of: planned.length });
  }
}

async function deregisterOne({ ecs }: Aws, taskDefinition: string): Promise<void> {
  try {
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  } catch (error) {
    const { name, message } = error as Error;
    // Somebody else was faster, or an answer got lost.
    if (!/^ClientException$/.test(name) || !/inactive|not found|does not exist/i.test(message)) {
      throw error;
    }
  }
}
