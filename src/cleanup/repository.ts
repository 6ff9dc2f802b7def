import {
  BatchGetImageCommand,
  type ImageDetail,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import { inBatches } from '../aws/batches.ts';
import type { App, Looking } from '../checks/check.ts';
import { INDEXES, imageIn } from '../checks/lookups/images.ts';
import { liveOf } from '../checks/lookups/live.ts';
import { type ImageRepository, imageRepository } from '../tasks/app/image-repository.ts';
import { appTags, ownership } from '../tasks/tags.ts';
import type { Image, ImageNeed } from './images.ts';
import type { NamedImage } from './running.ts';

/** ECR takes this many images in one call. */
export const IMAGES_AT_ONCE = 100;

export interface Repository {
  name: string;
  live: ImageRepository;
  images: Image[];
}

/** The app's images; or in a sentence why nothing of them is touched. */
export async function readRepository(
  looking: Looking,
  { service, names }: App,
): Promise<Repository | string> {
  const tags = appTags(looking.tags, service);
  const name = names.repository;
  const live = await liveOf(imageRepository, {
    ...looking,
    ...{ names: { ...looking.names, ...names }, tags },
  });
  if (!live) return `There is no image repository ${name}.`;
  if (ownership(live.tags ?? {}, tags, false) !== 'ours') {
    return `The image repository ${name} was not made for this app by digital-apps and is left alone.`;
  }
  return { name, live, images: await readImages(looking, name) };
}

/** All images of a repository, a thousand a call. */
export async function readImages(looking: Looking, repositoryName: string): Promise<Image[]> {
  const pages = await Array.fromAsync(
    paginateDescribeImages({ client: looking.aws.ecr, pageSize: 1000 }, { repositoryName }),
  );
  const details = pages.flatMap(({ imageDetails = [] }) => imageDetails);
  const indexes = details
    .filter(({ imageManifestMediaType: type = '' }) => INDEXES.includes(type))
    .map(({ imageDigest }) => imageDigest!);
  const read = await Promise.all(
    inBatches(indexes, IMAGES_AT_ONCE).map((some) => partsOf(looking, repositoryName, some)),
  );
  const parts = new Map(read.flatMap((found) => [...found]));
  return details.map((detail) => imageOf(detail, parts.get(detail.imageDigest!)));
}

/** By the digests of indexes: what each consists of. */
async function partsOf(
  { aws }: Looking,
  repositoryName: string,
  indexes: string[],
): Promise<Map<string, string[]>> {
  const { images = [] } = await aws.ecr.send(
    new BatchGetImageCommand({
      repositoryName,
      imageIds: indexes.map((imageDigest) => ({ imageDigest })),
      acceptedMediaTypes: INDEXES,
    }),
  );
  return new Map(
    images.map(({ imageId, imageManifest = '{}' }) => {
      const { manifests = [] } = JSON.parse(imageManifest) as { manifests?: { digest: string }[] };
      return [imageId!.imageDigest!, manifests.map(({ digest }) => digest)];
    }),
  );
}

function imageOf(detail: ImageDetail, parts: string[] = []): Image {
  return {
    digest: detail.imageDigest!,
    tags: detail.imageTags ?? [],
    pushedAt: Number(detail.imagePushedAt ?? Date.now()),
    bytes: detail.imageSizeInBytes ?? 0,
    parts,
    subject: detail.subjectManifestDigest,
  };
}

/** Of all that is named somewhere, what may be in that repository, whatever its registry is called. */
export function needsIn(repository: string, named: NamedImage[]): ImageNeed[] {
  return named.flatMap(({ image = '', digest, why }) => {
    if (digest !== undefined) return [{ digest, why }];
    const { repositoryName, imageId } = imageIn(image.slice(image.indexOf('/') + 1));
    if (repositoryName !== repository) return [];
    const { imageDigest, imageTag } = imageId;
    return [imageDigest ? { digest: imageDigest, why } : { tag: imageTag, why }];
  });
}
