import { clusterQuestions, laterQuestions } from '../questions/cluster/index.ts';
import { gather } from '../questions/gather.ts';
import { clusterResources } from '../tasks/cluster/index.ts';
import { launchTemplate } from '../tasks/cluster/launch-template.ts';
import type { Answered, Env, Place } from '../tasks/cluster/scope.ts';
import { makePlan, type Plan } from '../tasks/plan.ts';
import { Standing } from '../tasks/standing.ts';
import { complete } from './propose-cluster.ts';

/** What a run waits for, AWS does by itself: it is no part of the cluster. */
const parts = clusterResources.filter(({ waits }) => !waits);

/**
 * What `init-cluster` would do if every question were answered with what stands, the image included:
 * that AWS has a newer one is no change to the cluster. Changes nothing.
 * @throws UserError where what stands is somebody else's or cannot become what is wanted.
 */
export async function planAsItStands(place: Place, signal: AbortSignal): Promise<Plan> {
  const standing = new Standing();
  await standing.readByName(parts, place);
  const image = standing.get(launchTemplate)?.data.image ?? 'AWS’s current one';
  const given = { 'ssh-add': false };
  const gathered = await gather({
    ...{ set: clusterQuestions, questions: laterQuestions, said: {} },
    asking: { place, standing, answers: given },
  });
  const answers = complete(gathered as Record<string, unknown>);
  const answered: Answered = {
    ...place,
    names: { ...place.names, bucket: answers.bucket },
    ...{ answers, replaceInstances: false, verify: false },
  };
  await standing.readByAnswer(parts, answered);
  const env: Env = { ...answered, image, signal, waiting: () => {} };
  return makePlan(parts, env, standing, { adopt: false });
}
