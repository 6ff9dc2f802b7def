import { waitOutThrottling } from '../aws/throttling.ts';
import type { Looking } from '../checks/check.ts';
import { keepNewest } from '../tasks/app/image-repository.ts';
import { deleteImages } from './delete-images.ts';
import { deregister, paceFor, recently } from './deregister.ts';
import { planLifecycle } from './lifecycle.ts';
import { type AppOutcome, attempt, type Step } from './outcome.ts';
import { type CleanupPlan, imagesAgain, revisionsAgain } from './plan.ts';
import type { Repository } from './repository.ts';

/**
 * Removes what is planned, as far as it is not needed by now. Images go while task definitions,
 * which take long, are deregistered. Cut off at any point, it can be planned and carried out anew.
 */
export async function carryOut(
  looking: Looking,
  plan: CleanupPlan,
  tell: (step: Step) => void,
): Promise<AppOutcome[]> {
  const parts = plan.state.apps.map((state) => ({
    ...state,
    outcome: {
      app: state.app,
      deregistered: [],
      deleted: [],
      spared: [],
      errors: [],
    } as AppOutcome,
  }));
  const pace = paceFor(looking);
  const now = recently(() => revisionsAgain(looking, plan));
  const images = async () => {
    for (const { repository, outcome } of parts) {
      if (!repository) continue;
      await attempt(outcome, async () => {
        await deleteImages(looking, plan, repository, outcome, tell);
        await waitOutThrottling(
          () => setLifecycle(looking, plan, repository, outcome),
          looking.signal,
        );
      });
    }
  };
  const revisions = async () => {
    for (const { family, outcome } of parts) {
      if (!family) continue;
      await attempt(outcome, () => deregister(looking, plan, family, outcome, { pace, now }, tell));
    }
  };
  await Promise.all([images(), revisions()]);
  return parts.map(({ outcome }) => outcome);
}

/** Sets the rule where it is missing, if it takes nothing that is needed by now. */
async function setLifecycle(
  looking: Looking,
  plan: CleanupPlan,
  repository: Repository,
  outcome: AppOutcome,
): Promise<void> {
  if (plan.lifecycles.get(repository.name)!.set === undefined) return;
  const decision = (await imagesAgain(looking, plan)).get(repository.name)!;
  const left = repository.images.filter((image) => !outcome.deleted.includes(image));
  const { set } = planLifecycle(repository, left, decision, plan.keep);
  if (set === undefined) return;
  await keepNewest(looking, repository.live, set);
  outcome.ruleSet = set;
}
