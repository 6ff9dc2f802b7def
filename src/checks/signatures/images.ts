import { DEPTH, REPAIR_AND_REPLACE, type Signature } from './signature.ts';

const { task, wrapper } = DEPTH;

const PUSH =
  'Deploy once more (digital-apps deploy), which builds and pushes the image, or correct its name.';

/** How an image fails to arrive. */
export const IMAGES: Signature[] = [
  {
    id: 'image.denied',
    pattern: /^User: \S+ is not authorized to perform: ecr:/,
    level: 'task',
    cause: 'The instance role may not read from the image repository.',
    fix: 'Run digital-apps init-cluster, which attaches AmazonEC2ContainerServiceforEC2Role to the instance role.',
    precedence: task - 5,
  },
  {
    id: 'image.access-denied',
    pattern: /^requested access to the resource is denied/,
    level: 'task',
    cause:
      'There is no such image, or it is not for everyone to read: the repository or tag is wrong.',
    fix: PUSH,
    precedence: task,
  },
  {
    id: 'image.no-way-out',
    pattern:
      /^(?:Get|Head|Post) \S*https:\/\/(?:\S+\.dkr\.ecr\.|api\.ecr\.|\S*s3\S*\.amazonaws|registry-1\.docker\.io)\S* .*(?:request canceled while waiting|Client\.Timeout|i\/o timeout)/,
    level: 'task',
    cause: 'The instance does not reach the image registry.',
    fix: 'Run digital-apps init-cluster: it puts the route to the internet gateway and the security group right.',
    precedence: task - 4,
  },
  {
    id: 'image.pull-denied',
    pattern: /^pull access denied for/,
    level: 'task',
    cause:
      'The image repository does not exist or may not be read; if old instances alone say so, it is a fault of agent 1.29.0.',
    fix: `${PUSH} For old instances: ${REPAIR_AND_REPLACE}`,
    precedence: task + 2,
  },
  {
    id: 'image.rate-limit',
    pattern: /^toomanyrequests/i,
    level: 'task',
    cause: 'Docker Hub lets only so many images be pulled in an hour without an account.',
    fix: 'Use a copy of the image in ECR: public.ecr.aws/docker/library has Docker’s own, or set up a pull through cache.',
    precedence: task - 5,
  },
  {
    id: 'image.no-tag',
    pattern: /^manifest (?:unknown|for \S+ not found)|^\S+\.dkr\.ecr\.\S+: not found/,
    level: 'task',
    cause: 'The repository has no image of that tag: it was never pushed, or was deleted since.',
    fix: PUSH,
    precedence: task - 3,
  },
  {
    id: 'image.no-repository',
    pattern: /^(?:name unknown: )?The repository with name '.+' does not exist/,
    level: 'task',
    cause: 'There is no such image repository in this Region.',
    fix: 'Run digital-apps add-app, which makes it, then deploy.',
    precedence: task - 4,
  },
  {
    id: 'image.no-credentials',
    pattern: /^no basic auth credentials/,
    level: 'task',
    cause: 'The registry was asked without credentials: the instance role does not give any.',
    fix: 'Run digital-apps init-cluster, which puts the instance role right.',
    precedence: task - 3,
  },
  {
    id: 'image.platform',
    pattern:
      /^exec format error|^no matching manifest for linux\/|^image Manifest does not contain descriptor matching platform/i,
    level: 'task',
    cause: 'The image is built for another processor than the instances have (arm64 or x86).',
    fix: 'Build it with docker build --platform linux/amd64 (or linux/arm64 for Graviton instances), then deploy.',
    precedence: task - 3,
  },
  {
    id: 'image.pull-failed',
    pattern: /^Cannot(?:Pull|Create)ContainerError/,
    level: 'task',
    cause: 'The image could not be pulled, or no container be made of it.',
    fix: PUSH,
    precedence: wrapper + 5,
  },
];
