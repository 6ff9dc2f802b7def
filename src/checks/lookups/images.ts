import {
  BatchGetImageCommand,
  GetDownloadUrlForLayerCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { orAbsent } from '../../aws/absent.ts';
import type { Looking } from '../check.ts';

/** Where an image is, in a registry of AWS's. */
export interface ImagePlace {
  /** The account; without it the one that asks. */
  registryId?: string;
  region: string;
  repositoryName: string;
  imageId: ImageIdentifier;
}

/** Undefined for an image in a registry of somebody else's. */
export function imagePlace(image: string): ImagePlace | undefined {
  const [, registryId, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/.exec(image) ?? [];
  return registryId ? { registryId, region: region!, ...imageIn(name!) } : undefined;
}

/** By its name within a registry: "digital/parks:1-abc". */
export function imageIn(name: string): Pick<ImagePlace, 'repositoryName' | 'imageId'> {
  const [, repositoryName, imageTag = 'latest', imageDigest] =
    /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(name) ?? [];
  return { repositoryName: repositoryName!, imageId: imageDigest ? { imageDigest } : { imageTag } };
}

interface Manifest {
  /** The image's own, which its tags stand for. */
  digest: string;
  config?: { digest: string };
  manifests?: { digest: string; platform?: { architecture?: string } }[];
}

/** What an image consists of; undefined where there is none. */
export async function manifestOf(
  { aws }: Pick<Looking, 'aws'>,
  { registryId, repositoryName, imageId }: Omit<ImagePlace, 'region'>,
): Promise<Manifest | undefined> {
  const found = await orAbsent(
    aws.ecr.send(
      new BatchGetImageCommand({
        ...{ registryId, repositoryName, imageIds: [imageId] },
        acceptedMediaTypes: MEDIA_TYPES,
      }),
    ),
    /^RepositoryNotFound/,
  );
  const image = found?.images?.[0];
  return image && { ...JSON.parse(image.imageManifest!), digest: image.imageId!.imageDigest };
}

/** Of what consists of images: for several processors, or beside what tells of the build. */
export const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const MEDIA_TYPES = [
  ...INDEXES,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** In milliseconds. */
const PATIENCE = 10_000;

/** What an image is built for, as Docker calls it: "amd64", "arm64". */
export async function architecturesOf(
  { aws }: Looking,
  { registryId, repositoryName }: ImagePlace,
  { manifests, config }: Manifest,
): Promise<string[]> {
  if (manifests) {
    // What tells of the build beside the image has the platform "unknown".
    const known = manifests.flatMap(({ platform }) => platform?.architecture ?? []);
    return known.filter((architecture) => architecture !== 'unknown');
  }
  if (!config) return [];
  const { downloadUrl } = await aws.ecr.send(
    new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest: config.digest }),
  );
  const response = await fetch(downloadUrl!, { signal: AbortSignal.timeout(PATIENCE) });
  const { architecture } = (await response.json()) as { architecture?: string };
  return architecture ? [architecture] : [];
}
