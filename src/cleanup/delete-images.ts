import {
  BatchDeleteImageCommand,
  DescribeImagesCommand,
  type ImageFailure,
} from '@aws-sdk/client-ecr';
import { orAbsent } from '../aws/absent.ts';
import { inBatches } from '../aws/batches.ts';
import type { Aws } from '../aws/clients.ts';
import { waitOutThrottling } from '../aws/throttling.ts';
import type { Looking } from '../checks/check.ts';
import { headsOf, type Image, nameOf } from './images.ts';
import type { AppOutcome, Step } from './outcome.ts';
import { type CleanupPlan, imagesAgain } from './plan.ts';
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
    // After each wait it is looked again, too.
    await waitOutThrottling(() => deleteBatch(looking, plan, name, batch, outcome), looking.signal);
    done += batch.length / planned.flat().length;
    tell({ app: outcome.app, what: 'images', done: Math.round(done * of), of });
  }
}

async function deleteBatch(
  looking: Looking,
  plan: CleanupPlan,
  repositoryName: string,
  batch: Image[],
  outcome: AppOutcome,
): Promise<void> {
  const [decisions, tags] = await Promise.all([
    imagesAgain(looking, plan),
    tagsNow(looking, repositoryName, batch),
  ]);
  const { keep } = decisions.get(repositoryName)!;
  const go = batch.filter(
    (image) => !keep.has(image.digest) && tags.has(image.digest) && !tagSince(image, tags),
  );
  const failures = go.length > 0 ? await deleteAll(looking.aws, repositoryName, go) : [];
  note(outcome, go, failures);
  for (const image of batch) {
    const why = keep.get(image.digest)?.join(', ') ?? tagSince(image, tags);
    // What stays as a part of another image needs no word of its own.
    if (why) outcome.spared.push({ what: `image ${nameOf(image)}`, why });
  }
}

/** Somebody has given it another name since the plan. */
function tagSince({ digest, tags }: Image, tagsNow: Map<string, string[]>): string | undefined {
  const added = tagsNow.get(digest)?.find((tag) => !tags.includes(tag));
  return added && `now ${added}`;
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

async function deleteAll(
  { ecr }: Aws,
  repositoryName: string,
  images: Image[],
): Promise<ImageFailure[]> {
  const imageIds = images.map(({ digest }) => ({ imageDigest: digest }));
  const { failures = [] } = await ecr.send(
    new BatchDeleteImageCommand({ repositoryName, imageIds }),
  );
  return failures;
}

function note(outcome: AppOutcome, images: Image[], failures: ImageFailure[]): void {
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
