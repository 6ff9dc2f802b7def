import type { Aws } from '../../aws/clients.ts';
import { imageIn, manifestOf } from '../../checks/lookups/images.ts';
import { UserError } from '../../errors.ts';

/** Where an app's images are; the target of a deploy is one. */
export interface Repository {
  /** 123456789012.dkr.ecr.us-east-2.amazonaws.com */
  registry: string;
  /** Within the registry: NAMESPACE/SERVICE. */
  repository: string;
}

export function imageName({ registry, repository }: Repository, tag: string): string {
  return `${registry}/${repository}:${tag}`;
}

/**
 * An image's name as ECS must have it. Of the app's own images the tag will do, or the digest.
 * @throws UserError where it does not say in which registry it is: Docker would take its Hub for meant.
 */
export function wholeName(own: Repository, given: string): string {
  if (/^\w[\w.-]*$/.test(given)) return imageName(own, given);
  if (/^sha256:\w+$/.test(given)) return `${own.registry}/${own.repository}@${given}`;
  const [, host, path] = /^([^/]+)\/(.+)$/.exec(given) ?? [];
  if (path && /[.:]|^localhost$/.test(host!)) return given;
  const [name = '', rest] = given.split(/(?=[:@])/, 2);
  if (rest && `/${own.repository}`.endsWith(`/${name}`)) {
    return `${own.registry}/${own.repository}${given.slice(name.length)}`;
  }
  throw new UserError(
    `--image ${given} does not say in which registry that is.`,
    `Of the images in ${own.repository}, the tag will do, like --image 41-0a1b2c3; one of Docker Hub’s is --image docker.io/${path ? '' : 'library/'}${given}.`,
  );
}

/** AWS as it is to be asked about a registry, which may lie in another Region than the cluster. */
export function atRegistry(aws: Aws, registry: string): Aws {
  const [, region] = /\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(registry) ?? [];
  return region ? aws.in(region) : aws;
}

/** What ECR has under the name of an image in that registry; undefined where it has nothing. */
export function imageAt(aws: Aws, registry: string, image: string) {
  const registryId = /^\d{12}(?=\.)/.exec(registry)?.[0];
  const place = { registryId, ...imageIn(image.slice(`${registry}/`.length)) };
  return manifestOf({ aws: atRegistry(aws, registry) }, place);
}

/**
 * By which digests ECS may run an image: its own, and where it is for several processors each one's.
 * [] where that is not known: it is in none of our registries, or not there.
 */
export async function digestsOf(
  aws: Aws,
  { registry }: Pick<Repository, 'registry'>,
  image: string,
): Promise<string[]> {
  if (!image.startsWith(`${registry}/`)) return [];
  const there = await imageAt(aws, registry, image);
  return there ? [there.digest, ...(there.manifests ?? []).map(({ digest }) => digest)] : [];
}
