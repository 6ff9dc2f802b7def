import { BatchDeleteImageCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { orAbsent } from '../aws/absent.ts';
import { inBatches } from '../aws/batches.ts';
import { waitOutThrottling } from '../aws/throttling.ts';
import type { Looking } from '../checks/check.ts';
import { headsOf, type Image, nameOf } from './images.ts';
import type { AppOutcome, Step } from './outcome.ts';
import { type CleanupPlan, decideAgain } from './plan.ts';
import { IMAGES_AT_ONCE, type Repository, readImages } from './repository.ts';

/** Deletes what is planned of a repository, by digest; what has come into use or got another tag since stays. */
export async function deleteImages(
  looking: Looking,
  plan: CleanupPlan,
  { name }: Repository,
  outcome: AppOutcome,
  tell: (step: Step) => void,
): Promise<void> {
  const planned = plan.decisions.images.get(name)!.remove;
  const batches = planned.flatMap((wave) => inBatches(wave, IMAGES_AT_ONCE));
  // What a person knows as an image may consist of several.
  const of = headsOf(planned.flat()).length;
  let done = 0;
  for (const batch of batches) {
    const { keep } = (await decideAgain(looking, plan)).images.get(name)!;
    const tags = await tagsNow(looking, name, batch);
    const go = batch.filter((image) => {
      const whys = keep.get(image.digest);
      const its = tags.get(image.digest);
      const added = its?.find((tag) => !image.tags.includes(tag));
      const why = whys ? whys.join(', ') || 'part of one that is needed' : added && `now ${added}`;
      if (why !== undefined) outcome.spared.push({ what: `image ${nameOf(image)}`, why });
      return why === undefined && its !== undefined;
    });
    if (go.length > 0) await deleteBatch(looking, name, go, outcome);
    done += batch.length / planned.flat().length;
    tell({ app: outcome.app, what: 'images', done: Math.round(done * of), of });
  }
}

/** What is gone is left out. */
async function tagsNow(
  looking: Looking,
  repositoryName: string,
  images: Image[],
): Promise<Map<string, string[]>> {
  const imageIds = images.map(({ digest }) => ({ imageDigest: digest }));
  const found = await orAbsent(
    looking.aws.ecr.send(new DescribeImagesCommand({ repositoryName, imageIds })),
    /^ImageNotFound/,
  );
  // Where one of them is gone, ECR tells nothing of the others.
  if (!found) {
    const all = await readImages(looking, repositoryName);
    return new Map(all.map(({ digest, tags }) => [digest, tags]));
  }
  return new Map(
    (found.imageDetails ?? []).map(({ imageDigest, imageTags = [] }) => [imageDigest!, imageTags]),
  );
}

async function deleteBatch(
  { aws, signal }: Looking,
  repositoryName: string,
  images: Image[],
  outcome: AppOutcome,
): Promise<void> {
  const imageIds = images.map(({ digest }) => ({ imageDigest: digest }));
  const call = new BatchDeleteImageCommand({ repositoryName, imageIds });
  const { failures = [] } = await waitOutThrottling(() => aws.ecr.send(call), signal);
  const failed = new Map(failures.map((failure) => [failure.imageId?.imageDigest, failure]));
  for (const image of images) {
    const { failureCode: code, failureReason: reason } = failed.get(image.digest) ?? {};
    // Not found any more: somebody else was faster, or an answer got lost.
    if (!code || code === 'ImageNotFound') outcome.deleted.push(image);
    else if (code === 'ImageReferencedByManifestList') {
      outcome.spared.push({
        what: `image ${nameOf(image)}`,
        why: 'part of an image that is there',
      });
    } else outcome.errors.push({ answer: `${nameOf(image)} could not be deleted: ${reason}.` });
  }
}
