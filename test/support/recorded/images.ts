import { BatchDeleteImageCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import type { awsClients } from '../clients.ts';

type Clients = Pick<ReturnType<typeof awsClients>, 'ecr'>;

/** What `docker push` leaves in the registry: an image for that processor. */
export async function pushImage(
  { ecr }: Clients,
  repositoryName: string,
  imageTag: string,
  architecture = 'amd64',
): Promise<void> {
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        ...{ digest: `sha256:${'a'.repeat(64)}`, size: 100 },
        platform: { architecture, os: 'linux' },
      },
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        ...{ digest: `sha256:${'b'.repeat(64)}`, size: 100 },
        platform: { architecture: 'unknown', os: 'unknown' },
      },
    ],
  };
  await ecr.send(
    new PutImageCommand({
      ...{ repositoryName, imageTag },
      imageManifest: JSON.stringify(manifest),
      imageManifestMediaType: manifest.mediaType,
    }),
  );
}

export async function deleteImage(
  { ecr }: Clients,
  repositoryName: string,
  imageTag: string,
): Promise<void> {
  await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag }] }));
}
