import { isChanging } from '../src/aws/journal.ts';
import { namesOf, USUAL_PREFIXES } from '../src/tasks/cluster/names.ts';
import { deployDocument } from '../src/tasks/cluster/policies.ts';
import { CLUSTER_TAG } from '../src/tasks/tags.ts';
import { actionsOf, PREFLIGHT } from './calls.ts';

/** The least policy for who runs `add-app`, with the guide's names; scoped where AWS can scope. */
export function appPolicy(calls: string[]) {
  const actions = [...new Set(calls.flatMap(actionsOf))].sort();
  const of = (prefix: string) => actions.filter((action) => action.startsWith(`${prefix}:`));
  const looks = (action: string) => !isChanging(action.split(':')[1]!);
  const watching = [...of('cloudwatch'), ...of('sns')].filter((action) => !looks(action));
  const scoped = [...['s3', 'ecr', 'iam'].flatMap(of), ...watching];
  const rest = actions.filter((action) => !scoped.includes(action));
  const attaching = 'iam:AttachUserPolicy';
  const anyIam = ['iam:GetRole', PREFLIGHT];
  const ownIam = of('iam').filter((action) => ![attaching, ...anyIam].includes(action));
  return {
    Version: '2012-10-17',
    Statement: [
      allow('Look', [...rest.filter(looks), ...anyIam, ECR_SCANNING], '*'),
      allow(
        'TrafficAndNames',
        rest.filter((action) => !looks(action)),
        '*',
      ),
      allow(
        'Images',
        of('ecr').filter((action) => action !== ECR_SCANNING),
        'arn:aws:ecr:*:*:repository/digital-*',
      ),
      allow('ConfigBucket', of('s3'), ['arn:aws:s3:::cob-*']),
      allow('KeysOfThoseWhoDeploy', ownIam, [
        'arn:aws:iam::*:policy/digital*',
        'arn:aws:iam::*:role/digital*',
        'arn:aws:iam::*:user/digital*',
      ]),
      {
        ...allow('AttachTheDeployPolicyAlone', [attaching], 'arn:aws:iam::*:user/digital*'),
        Condition: { ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::*:policy/digital*Deploy' } },
      },
      allow('AlarmsAndMail', watching, [
        'arn:aws:cloudwatch:*:*:alarm:digital-*',
        'arn:aws:cloudwatch::*:dashboard/digital*',
        'arn:aws:sns:*:*:digital-*',
      ]),
    ],
  };
}

/** Of the registry and not of a repository. */
const ECR_SCANNING = 'ecr:BatchGetRepositoryScanningConfiguration';

/** The least policy for who runs `init-cluster`. */
export function clusterPolicy(calls: string[]) {
  const actions = [...new Set(calls.flatMap(actionsOf))].sort();
  const of = (prefix: string) => actions.filter((action) => action.startsWith(`${prefix}:`));
  const looks = (action: string) => !isChanging(action.split(':')[1]!);
  const scoped = [...of('s3'), ...of('iam')];
  const rest = actions.filter((action) => !scoped.includes(action));
  const attaching = of('iam').filter((action) => action.startsWith('iam:Attach'));
  const linked = 'iam:CreateServiceLinkedRole';
  // One's own role, and the service-linked ones before they are there, have no name of ours.
  const anyIam = ['iam:GetRole', PREFLIGHT];
  const ownIam = of('iam').filter((action) => ![linked, ...attaching, ...anyIam].includes(action));
  return {
    Version: '2012-10-17',
    Statement: [
      allow('Look', [...rest.filter(looks), ...anyIam], '*'),
      allow(
        'NetworkAndInstances',
        of('ec2').filter((action) => !looks(action)),
        '*',
      ),
      allow(
        'ClusterLogsAndLoadBalancer',
        rest.filter((action) => !looks(action) && !action.startsWith('ec2:')),
        '*',
      ),
      allow('ConfigBucket', of('s3'), 'arn:aws:s3:::cob-*'),
      allow('RolesPoliciesAndUser', ownIam, [
        'arn:aws:iam::*:role/digital*',
        'arn:aws:iam::*:instance-profile/digital*',
        'arn:aws:iam::*:policy/digital*',
        'arn:aws:iam::*:user/digital*',
      ]),
      {
        ...allow('AttachThesePoliciesAlone', attaching, [
          'arn:aws:iam::*:role/digital*',
          'arn:aws:iam::*:user/digital*',
        ]),
        Condition: {
          ArnLike: {
            'iam:PolicyARN': [
              'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role',
              'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole',
              'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
              'arn:aws:iam::*:policy/digital*',
            ],
          },
        },
      },
      {
        ...allow(
          'HandTheInstanceRoleToInstances',
          ['iam:PassRole'],
          'arn:aws:iam::*:role/digital*',
        ),
        Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      },
      allow(
        'ServiceLinkedRoles',
        ['iam:GetRole', linked],
        ['arn:aws:iam::*:role/aws-service-role/*', 'arn:aws:iam::*:role/AWSServiceRoleFor*'],
      ),
    ],
  };
}

/** The least policy for who runs `doctor` without --fix. */
export function doctorPolicy(calls: string[]) {
  const actions = [...new Set(calls.flatMap(actionsOf))].sort();
  const ofBuckets = actions.filter((action) => action.startsWith('s3:'));
  const asking = 'ssm:SendCommand';
  const looking = actions.filter((action) => ![...ofBuckets, asking].includes(action));
  return {
    Version: '2012-10-17',
    Statement: [
      allow('Look', looking, '*'),
      allow('ConfigBucket', ofBuckets, 'arn:aws:s3:::cob-*'),
      allow('AskByScript', [asking], 'arn:aws:ssm:*::document/AWS-RunShellScript'),
      {
        ...allow('AskInstancesOfClusters', [asking], 'arn:aws:ec2:*:*:instance/*'),
        Condition: { StringLike: { [`ssm:resourceTag/${CLUSTER_TAG}`]: '*' } },
      },
    ],
  };
}

/** The policy that `init-cluster` makes for who runs `deploy`, with the guide's names. */
export function deployPolicy() {
  const names = namesOf(USUAL_PREFIXES);
  return deployDocument({ partition: 'aws', region: '*', account: '*', names });
}

/** The least policy for who runs `status`. */
export function statusPolicy(calls: string[]) {
  const actions = new Set(calls.flatMap(actionsOf));
  return { Version: '2012-10-17', Statement: [allow('Look', [...actions].sort(), '*')] };
}

/** The least policy for who runs `cleanup`. */
export function cleanupPolicy(calls: string[]) {
  const actions = [...new Set(calls.flatMap(actionsOf))].sort();
  const deregistering = 'ecs:DeregisterTaskDefinition';
  const images = actions.filter((action) => action.startsWith('ecr:') && action !== ECR_SCANNING);
  const looking = actions.filter((action) => ![...images, deregistering].includes(action));
  return {
    Version: '2012-10-17',
    Statement: [
      allow('Look', looking, '*'),
      allow('Images', images, 'arn:aws:ecr:*:*:repository/digital-*'),
      // AWS knows no narrower one.
      allow('TaskDefinitions', [deregistering], '*'),
    ],
  };
}

function allow(Sid: string, Action: string[], Resource: string | string[]) {
  return { Sid, Effect: 'Allow', Action, Resource };
}
