import { ACCOUNT, type Manifest, type Region, type Service, type Watcher } from './region.ts';

const ECS = `arn:aws:ecs:us-east-2:${ACCOUNT}`;

/** Of whatever call. */
export type Input = Record<string, never> & {
  cluster: string;
  services: string[];
  tasks: string[];
  nextToken?: string;
  taskDefinition: string;
  familyPrefix: string;
  status: string;
  service: string;
  serviceRevisionArns: string[];
  imageIds: { imageDigest: string }[];
  tags: { Key: string; Value: string }[];
};

/** By the error's code. */
export class Refused extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** What each call is answered, and does. */
export function answers(
  region: Region,
  watcher: Watcher,
  resourceTags: { Key: string; Value: string }[],
  page: number,
): Record<string, (input: Input) => object> {
  const paged = <T>(all: T[], key: string, { nextToken = '0' }: Input) => {
    const end = Number(nextToken) + page;
    return {
      [key]: all.slice(Number(nextToken), end),
      ...(end < all.length && { nextToken: String(end) }),
    };
  };
  const find = (name: string) => {
    const [family = '', revision] = name.split('/').at(-1)!.split(':');
    const all = region.families.get(family) ?? [];
    const found =
      revision === undefined
        ? all.findLast(({ isActive }) => isActive)
        : all.find((each) => each.revision === Number(revision));
    if (!found) throw new Refused('ClientException', 'Unable to describe task definition.');
    return { family, found };
  };
  return {
    ListClusters: (input) =>
      paged(
        region.clusters.map((name) => `${ECS}:cluster/${name}`),
        'clusterArns',
        input,
      ),
    ListServices: (input) =>
      paged(
        region.services
          .filter(({ cluster }) => cluster === input.cluster)
          .map(({ cluster, name }) => `${ECS}:service/${cluster}/${name}`),
        'serviceArns',
        input,
      ),
    DescribeServices: ({ cluster, services }) => ({
      services: region.services
        .filter((each) => each.cluster === cluster)
        .filter(({ name }) => services.some((arn) => arn.endsWith(`/${name}`)))
        .map(serviceOf),
    }),
    ListTasks: (input) =>
      paged(
        region.tasks.flatMap(({ cluster }, index) =>
          cluster === input.cluster ? [`${ECS}:task/${cluster}/${index}`] : [],
        ),
        'taskArns',
        input,
      ),
    DescribeTasks: ({ cluster, tasks }) => ({
      tasks: tasks.map((taskArn) => {
        const { definition, image, digest } = region.tasks[Number(taskArn.split('/').at(-1))]!;
        return {
          ...{ taskArn, clusterArn: `${ECS}:cluster/${cluster}`, group: 'family:x' },
          taskDefinitionArn: `${ECS}:task-definition/${definition}`,
          containers: [{ image, imageDigest: digest }],
        };
      }),
    }),
    ListTaskDefinitionFamilies: (input) =>
      paged(
        [...region.families].flatMap(([family, all]) =>
          all.some(({ isActive }) => isActive) ? [family] : [],
        ),
        'families',
        input,
      ),
    ListTaskDefinitions: (input) =>
      paged(
        [...region.families].flatMap(([family, all]) =>
          // By the start of the name.
          family.startsWith(input.familyPrefix)
            ? all
                .filter(({ isActive }) => isActive)
                .map(({ revision }) => `${ECS}:task-definition/${family}:${revision}`)
            : [],
        ),
        'taskDefinitionArns',
        input,
      ),
    DescribeTaskDefinition: ({ taskDefinition }) => {
      const { family, found } = find(taskDefinition);
      const { revision, image, isActive } = found;
      return {
        taskDefinition: {
          ...{ family, revision, status: isActive ? 'ACTIVE' : 'INACTIVE' },
          containerDefinitions: [{ name: 'app', image }],
        },
      };
    },
    ListServiceDeployments: (input) =>
      paged(
        region.services
          .find(({ name, cluster }) => input.service.endsWith(`/${cluster}/${name}`))!
          .history.map(({ status }, index, { length }) => ({
            ...{ status, createdAt: 1_795_000_000 + length - index },
            targetServiceRevisionArn: `${input.service.replace(':service/', ':service-revision/')}/${length - index}`,
          })),
        'serviceDeployments',
        input,
      ),
    DescribeServiceRevisions: ({ serviceRevisionArns }) => ({
      serviceRevisions: serviceRevisionArns.map((serviceRevisionArn) => {
        const [cluster, name, number] = serviceRevisionArn.split('/').slice(-3);
        const service = region.services.find(
          (each) => each.cluster === cluster && each.name === name,
        )!;
        const { definition, digest } = service.history.at(-Number(number))!;
        return {
          serviceRevisionArn,
          taskDefinition: `${ECS}:task-definition/${definition}`,
          containerImages: [{ containerName: 'app', imageDigest: digest }],
        };
      }),
    }),
    DeregisterTaskDefinition: ({ taskDefinition }) => {
      const { family, found } = find(taskDefinition);
      watcher.deregisters(family, found.revision);
      found.isActive = false;
      watcher.done();
      return {};
    },
    DescribeRepositories: () => ({ repositories: [{ repositoryName: region.repository }] }),
    ListTagsForResource: () => ({ tags: resourceTags }),
    GetLifecyclePolicy: () => {
      throw new Refused('LifecyclePolicyNotFoundException', 'Lifecycle policy does not exist');
    },
    PutLifecyclePolicy: () => ({}),
    DescribeImages: (input) => {
      const wanted = input.imageIds?.map(({ imageDigest }) => imageDigest);
      const has = (digest: string) => region.manifests.some((each) => each.digest === digest);
      if (wanted?.some((digest) => !has(digest))) {
        throw new Refused('ImageNotFoundException', 'The image does not exist');
      }
      const found = region.manifests.filter(({ digest }) => wanted?.includes(digest) ?? true);
      return wanted
        ? { imageDetails: found.map(imageOf) }
        : paged(found.map(imageOf), 'imageDetails', input);
    },
    BatchGetImage: ({ imageIds }) => ({
      images: imageIds.map((imageId) => {
        const { parts } = region.manifests.find(({ digest }) => digest === imageId.imageDigest)!;
        const manifests = parts.map((digest) => ({ digest }));
        return { imageId, imageManifest: JSON.stringify({ manifests }) };
      }),
    }),
    BatchDeleteImage: ({ imageIds }) => {
      const parts = new Set(region.manifests.flatMap((each) => each.parts));
      const [referenced, free] = [imageIds.filter((id) => parts.has(id.imageDigest)), imageIds];
      const go = free
        .filter((id) => !referenced.includes(id))
        .map(({ imageDigest }) => imageDigest);
      watcher.deletes(go);
      region.manifests = region.manifests.filter(({ digest }) => !go.includes(digest));
      watcher.done();
      const failureCode = 'ImageReferencedByManifestList';
      return { failures: referenced.map((imageId) => ({ imageId, failureCode })) };
    },
  };
}

function serviceOf({ name, cluster, deployments }: Service) {
  return {
    ...{ serviceName: name, serviceArn: `${ECS}:service/${cluster}/${name}`, status: 'ACTIVE' },
    clusterArn: `${ECS}:cluster/${cluster}`,
    taskDefinition: `${ECS}:task-definition/${deployments[0]!.definition}`,
    deployments: deployments.map(({ id, definition, updatedAt }, index) => ({
      ...{ id, updatedAt, status: index === 0 ? 'PRIMARY' : 'ACTIVE' },
      taskDefinition: `${ECS}:task-definition/${definition}`,
      rolloutState: deployments.length > 1 && index === 0 ? 'IN_PROGRESS' : 'COMPLETED',
    })),
  };
}

function imageOf({ digest, tags, pushedAt, parts, subject }: Manifest) {
  const kind = parts.length > 0 ? 'index' : 'manifest';
  return {
    ...{ imageDigest: digest, imageTags: tags, imagePushedAt: pushedAt, imageSizeInBytes: 1000 },
    imageManifestMediaType: `application/vnd.oci.image.${kind}.v1+json`,
    subjectManifestDigest: subject,
  };
}
