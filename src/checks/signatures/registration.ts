import {
  DEPTH,
  FORGET_STATE,
  REPAIR_AND_REPLACE,
  REPLACE_INSTANCE,
  RESTART_AGENT,
  type Signature,
} from './signature.ts';

const { cluster, registration, wrapper } = DEPTH;

/** How an instance fails to join, or joins the wrong cluster. */
export const REGISTRATION: Signature[] = [
  {
    id: 'registration.denied',
    pattern: /^AccessDeniedException: User: \S+ is not authorized to perform: ecs:/,
    level: 'agent',
    cause: 'The instance role may not register instances with ECS.',
    fix: `Run digital-apps init-cluster, which attaches AmazonEC2ContainerServiceforEC2Role to the role; then: ${RESTART_AGENT}`,
    precedence: registration,
  },
  {
    id: 'cluster.not-found',
    pattern: /^ClientException: Cluster not found/,
    level: 'agent',
    cause: 'There is no cluster of the name that the user data gives, in this Region.',
    fix: REPAIR_AND_REPLACE,
    precedence: cluster,
  },
  {
    id: 'cluster.default',
    pattern: /^Successfully created a cluster\b/,
    level: 'agent',
    cause:
      'The user data names no cluster, so the agent made one called “default” and joined that.',
    fix: REPAIR_AND_REPLACE,
    precedence: cluster,
    lasting: true,
  },
  {
    id: 'cluster.cannot-create',
    pattern: /^Could not create cluster\b/i,
    level: 'agent',
    cause:
      'The user data names no cluster, and the instance role may not make one called “default”.',
    fix: REPAIR_AND_REPLACE,
    precedence: cluster,
  },
  {
    id: 'registration.invalid-parameter',
    pattern: /^Instance registration attempt with an invalid parameter/,
    level: 'agent',
    cause: 'A value in /etc/ecs/ecs.config is one that ECS does not take; the agent has given up.',
    fix: `Correct the launch template’s user data, then replace the instance: ${REPLACE_INSTANCE}`,
    precedence: registration + 2,
  },
  {
    id: 'registration.invalid-action',
    pattern: /^Instance registration attempt with client performing invalid action/,
    level: 'agent',
    cause: 'ECS refused the registration for good; usually there is no such cluster.',
    fix: REPAIR_AND_REPLACE,
    precedence: registration + 2,
  },
  {
    id: 'registration.invalid-attributes',
    pattern: /^Instance registration attempt with invalid attribute/,
    level: 'agent',
    cause: 'ECS_INSTANCE_ATTRIBUTES in /etc/ecs/ecs.config holds what ECS does not take.',
    fix: `Correct the launch template’s user data, then replace the instance: ${REPLACE_INSTANCE}`,
    precedence: registration,
  },
  {
    id: 'registration.type-changed',
    pattern:
      /^Container instance type changes are not supported|^(?:The )?current instance type does not match/,
    level: 'agent',
    cause: 'The instance was stopped and given another type; ECS does not take it back.',
    fix: `Replace it: ${REPLACE_INSTANCE}`,
    precedence: registration,
  },
  {
    id: 'registration.gave-up',
    pattern: /^Agent will terminally exit, unable to register/,
    level: 'agent',
    cause: 'ECS refused the registration for good; the line before says why.',
    fix: `Replace the instance: ${REPLACE_INSTANCE}`,
    precedence: wrapper,
  },
  {
    id: 'registration.retrying',
    pattern: /^Received non-terminal error from RegisterContainerInstance/,
    level: 'agent',
    cause: 'ECS turns the registration down for now: too many calls, or a quota is used up.',
    fix: 'Wait up to an hour; then look at Amazon ECS under Service Quotas.',
    precedence: wrapper,
    transient: true,
  },
  {
    id: 'registration.region',
    pattern: /^Credential should be scoped to a valid region/,
    level: 'agent',
    cause: 'The agent speaks to another Region than the one its credentials are for.',
    fix: `Remove or correct AWS_DEFAULT_REGION in the launch template’s user data, then replace the instance: ${REPLACE_INSTANCE}`,
    precedence: cluster + 1,
  },
  {
    id: 'registration.identity',
    pattern: /^(?:ClientException: )?.*identity document and .*signature were not valid/,
    level: 'agent',
    cause: 'The instance registers with credentials that are not its own.',
    fix: 'Remove the other credentials: /root/.aws, or AWS_ACCESS_KEY_ID in /etc/ecs/ecs.config.',
    precedence: DEPTH.credentials,
  },
  {
    id: 'registration.deregistered',
    pattern:
      /^(?:ClientException: )?(?:Container instance is deregistered|Referenced container instance \S+ not registered)|^InactiveInstance/,
    level: 'agent',
    cause:
      'The instance was deregistered from the cluster, and still goes by its old registration.',
    fix: `Let it register anew: ${FORGET_STATE}`,
    precedence: registration,
  },
  {
    id: 'registration.arn-missing',
    pattern: /^close 1008 .*Missing container instance arn/i,
    level: 'agent',
    cause: 'ECS no longer knows the instance: it was deregistered.',
    fix: `Replace it: ${REPLACE_INSTANCE}`,
    precedence: registration,
  },
  {
    id: 'registration.long-arn',
    pattern: /^InvalidParameterException: Long arn format must be enabled for tagging/,
    level: 'agent',
    cause: 'The account still uses ECS’s old, short ARNs, with which instances cannot be tagged.',
    fix: 'aws ecs put-account-setting-default --name containerInstanceLongArnFormat --value enabled',
    precedence: registration,
  },
];
