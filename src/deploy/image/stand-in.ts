import { createHash } from 'node:crypto';
import { PutImageCommand } from '@aws-sdk/client-ecr';
import type { Aws } from '../../aws/clients.ts';

const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Tells the sandbox's registry of an image that nobody has built, with nothing in it.
 * @returns its digest, another one for every tag.
 */
export async function standIn(aws: Aws, repositoryName: string, imageTag: string): Promise<string> {
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', size: 2, digest: sha256('{}') };
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE, config, layers: [] };
  const { image } = await aws.ecr.send(
    new PutImageCommand({
      ...{ repositoryName, imageTag, imageManifestMediaType: MEDIA_TYPE },
      imageManifest: JSON.stringify({ ...manifest, annotations: { tag: imageTag } }),
    }),
  );
  return image!.imageId!.imageDigest!;
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
