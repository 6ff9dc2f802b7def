import { KEEP_IMAGES, ruleOfOthers } from '../tasks/app/image-repository.ts';
import { type Image, type ImageDecision, nameOf } from './images.ts';
import type { Repository } from './repository.ts';
import { newest } from './revisions.ts';

/** What becomes of the rule by which the registry itself deletes old images. */
export interface LifecyclePlan {
  /** How many images our rule is to keep, where there is none yet. */
  set?: number;
  /** What a person should know of the rule, in a sentence. */
  says?: string;
}

/**
 * A rule knows of no need: it deletes by age alone.
 * @param left the images that will be there.
 * @param kept how many were kept for their age.
 */
export function planLifecycle(
  { name, live }: Repository,
  left: Image[],
  { keep }: ImageDecision,
  kept: number,
): LifecyclePlan {
  const theirs = ruleOfOthers(live);
  if (theirs) return { says: `${name}: ${theirs}.` };
  const count = live.keepImages ?? KEEP_IMAGES;
  const needOf = ({ digest }: Image) => keep.get(digest)?.find((why) => why !== newest(kept));
  const lost = left
    .filter((image) => needOf(image) && depthOf(image, left) > count)
    .sort((a, b) => b.pushedAt - a.pushedAt)[0];
  if (!lost) return live.keepImages === undefined ? { set: count } : {};
  const what = `${nameOf(lost)}, ${needOf(lost)}, as it is not among the newest ${count}`;
  return live.keepImages === undefined
    ? { says: `${name}: no lifecycle rule is set, which would delete ${what}.` }
    : {
        says: `${name}: the lifecycle rule will delete ${what}. Deploy again, or have add-app keep more (--set keep-images).`,
      };
}

/** How many images a rule has to keep so that it keeps this one and its parts. */
function depthOf(image: Image, all: Image[]): number {
  const own = all.filter(({ digest }) => image.digest === digest || image.parts.includes(digest));
  const oldest = Math.min(...own.map(({ pushedAt }) => pushedAt));
  return all.filter(({ pushedAt }) => pushedAt >= oldest).length;
}
