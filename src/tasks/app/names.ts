import { createHash } from 'node:crypto';
import { healthyHostsAlarmOf } from '../cluster/names.ts';

/** Every name of an app that is derived, in one place: each fits its service, and no two apps share one. */
export interface AppName {
  /** The ECS service's name, by default `serviceNameOf` the repository; “-staging” and the like may follow. */
  service: string;
  /** Of container images, a valid one: `names.repositoryNamespace` of the cluster. */
  namespace: string;
  /** The cluster's user for Travis CI, which the app's own is named after. */
  travisUser: string;
}

export type AppNames = ReturnType<typeof appNamesOf>;

export function appNamesOf({ service: given, namespace, travisUser }: AppName) {
  const service = serviceNameOf(given);
  return {
    service,
    repository: `${namespace}/${service}`,
    targetGroup: fitting(service, TARGET_GROUP),
    /** In the config bucket. */
    configKey: `${service}/.env`,
    deployUser: fitting(`${travisUser}-${service}`, IAM_USER),
    /** Of a user: says which of its access keys is the app's. */
    keyTag: `${KEY_TAG}${fitting(`${namespace}/${service}`, KEY_TAG_REST)}`,
    alarmTopic: fitting(`${namespace}-${service}-alarms`, TOPIC),
    healthyHostsAlarm: healthyHostsAlarmOf(namespace, service),
    errorsAlarm: `${namespace}/${service}/errors`,
    memoryAlarm: `${namespace}/${service}/memory`,
  };
}

/**
 * The name itself where it can be one, like "registry-certs"; else one derived from it. The build
 * finds images, variables and logs by this name alone, so that it must do for ECR as well as for ECS.
 */
export function serviceNameOf(repositoryName: string): string {
  return fitting(repositoryName, SERVICE);
}

interface Rule {
  pattern: RegExp;
  max: number;
}

// ECS takes capitals and 255 characters; ECR takes neither those nor two separators in a row, and
// 256 with the namespace. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
const SERVICE: Rule = { pattern: /^[a-z0-9]+([_-][a-z0-9]+)*$/, max: 128 };

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
const TARGET_GROUP: Rule = { pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, max: 32 };

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
const IAM_USER: Rule = { pattern: /^[A-Za-z0-9+=,.@_-]+$/, max: 64 };

// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
const TOPIC: Rule = { pattern: /^[A-Za-z0-9_-]+$/, max: 256 };

export const KEY_TAG = 'digital-apps:key:';

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
const KEY_TAG_REST: Rule = { pattern: /^[A-Za-z0-9/._-]+$/, max: 128 - KEY_TAG.length };

/** What is replaced or cut is made up for by a hash of the whole name, so that no two become the same. */
function fitting(name: string, { pattern, max }: Rule): string {
  if (name.length <= max && pattern.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['app'];
  const start = words
    .join('-')
    .slice(0, max - hash.length - 1)
    .replace(/-$/, '');
  return `${start}-${hash}`;
}
