import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutImageCommand } from '@aws-sdk/client-ecr';
import type { Aws } from '../../aws/clients.ts';
import { filesIn } from '../../git.ts';

const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** What an image is told of that nobody has built. */
interface StandIn {
  repository: string;
  tag: string;
  /** The app's repository. */
  dir: string;
}

/**
 * Tells the sandbox's registry of an image that nobody has built, with nothing in it.
 * @returns its digest: the same one for the same code, as of an image that was built.
 */
export async function standIn(aws: Aws, { repository, tag, dir }: StandIn): Promise<string> {
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', size: 2, digest: sha256('{}') };
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE, config, layers: [] };
  const annotations = { code: await codeIn(dir).catch(() => tag) };
  const { image } = await aws.ecr.send(
    new PutImageCommand({
      ...{ repositoryName: repository, imageTag: tag, imageManifestMediaType: MEDIA_TYPE },
      imageManifest: JSON.stringify({ ...manifest, annotations }),
    }),
  );
  return image!.imageId!.imageDigest!;
}

/** @throws where it is no repository, or a file of it cannot be read. */
async function codeIn(dir: string): Promise<string> {
  const files = await filesIn(dir);
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file))));
  return sha256(files.map((file, at) => `${file} ${sha256(texts[at]!)}`).join('\n'));
}

function sha256(text: string | Buffer): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
