import { initCluster } from '../../checks/command-lines.ts';
import { liveOf } from '../../checks/lookups/live.ts';
import { UserError } from '../../errors.ts';
import { findBucket, findTravisUsers } from '../../tasks/app/cluster.ts';
import { bucket } from '../../tasks/cluster/bucket.ts';
import { launchTemplate } from '../../tasks/cluster/launch-template.ts';
import { hasImage } from '../../tasks/cluster/lib/lookups.ts';
import { USUAL_PREFIXES } from '../../tasks/cluster/names.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import { travisUser } from '../../tasks/cluster/travis-user.ts';
import { placeOf } from '../cluster-place.ts';
import type { Conversation, Proposal } from '../conversation.ts';
import { clusterSetup } from '../init-cluster.ts';
import type { Session } from '../session.ts';
import { runSetupIn, type Setup } from '../setup.ts';
import type { Stop } from '../stop.ts';

/**
 * Puts the cluster right as `init-cluster` would, with the answers that follow from what stands.
 * The plan is reviewed and agreed to first.
 * @returns its exit code: 130 where the person left it.
 */
export async function mend(
  session: Session,
  cluster: string,
  conversation: Conversation,
  stop: Stop,
): Promise<number> {
  session.aws.reads.forget();
  const place = await placeOf(session, cluster);
  const [knownBucket, [knownUser], image] = await Promise.all([
    findBucket(place),
    findTravisUsers(place),
    standingImage(place),
  ]);
  const setup = clusterSetup({ adopt: false, wait: true, replaceInstances: false });
  const { bucket: name, travisUser: user } = place.names;
  const given = {
    'account-prefix': user.replace(/Travis$/, ''),
    'cluster-prefix': cluster,
    'bucket-prefix': USUAL_PREFIXES.bucket,
    bucket: name,
    ...(image && { ami: image }),
  };
  const careful: Setup = {
    ...setup,
    // What a cluster is made for was told when it was made.
    outputs: () => ({ title: '', values: {} }),
    notes: async () => [],
    async propose(...known) {
      const proposal = await setup.propose(...known);
      if (!knownBucket) refuseToGuess(proposal, bucket, `--set bucket=${name}`, place);
      if (!knownUser)
        refuseToGuess(
          proposal,
          travisUser,
          `--set account-prefix=${USUAL_PREFIXES.account}`,
          place,
        );
      // Every answer was taken from what stands: there is none to give otherwise.
      return { ...proposal, answered: [] };
    },
  };
  const quiet = { ...conversation, ask: undefined };
  return runSetupIn(session, careful, given, { dryRun: false }, quiet, stop);
}

/** What instances start from, as long as it is there: to take a newer one is no mending. */
async function standingImage(place: Place): Promise<string | undefined> {
  const image = (await liveOf(launchTemplate, place))?.data.image;
  const isThere = image?.startsWith('ami-') && (await hasImage(place.aws, image));
  return isThere ? image : undefined;
}

/** What told its name is gone: another of the usual name must not take its place. */
function refuseToGuess({ plan }: Proposal, resource: object, answer: string, place: Place): void {
  const step = plan.steps.find((one) => one.resource === resource);
  if (step?.action !== 'create') return;
  throw new UserError(
    `${step.resource.name}: there is none of the usual name, and what would tell its name is gone too.`,
    `Say how it is called: ${initCluster(place, answer)}.`,
  );
}
