import { globSync, readFileSync } from 'node:fs';
import { isChanging } from '../src/aws/journal.ts';
import { namesOf } from '../src/tasks/cluster/names.ts';
import { deployDocument } from '../src/tasks/cluster/policies.ts';
import { CLUSTER_TAG } from '../src/tasks/tags.ts';

/** How IAM calls the services whose clients are named otherwise. */
const PREFIXES: Record<string, string> = {
  'cloudwatch-logs': 'logs',
  'auto-scaling': 'autoscaling',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'route-53': 'route53',
  'service-quotas': 'servicequotas',
};

/** The calls whose permission has another name than the call. */
const OTHER_NAMES: Record<string, string[]> = {
  's3:HeadBucket': ['s3:ListBucket'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  's3:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:CreateBucket': ['s3:CreateBucket', 's3:PutBucketOwnershipControls', 's3:TagResource'],
  // Auto Scaling starts instances in the caller's name when a group is given a launch template.
  'autoscaling:CreateAutoScalingGroup': ['autoscaling:CreateAutoScalingGroup', 'ec2:RunInstances'],
  // What Elastic Load Balancing looks up in the caller's name.
  'elasticloadbalancing:CreateLoadBalancer': [
    'elasticloadbalancing:CreateLoadBalancer',
    'ec2:DescribeAccountAttributes',
    'ec2:DescribeAddresses',
  ],
  'cloudfront:CreateDistributionWithTags': [
    'cloudfront:CreateDistribution',
    'cloudfront:TagResource',
  ],
  'ecr:CreateRepository': ['ecr:CreateRepository', 'ecr:TagResource'],
  'sns:CreateTopic': ['sns:CreateTopic', 'sns:TagResource'],
  'acm:RequestCertificate': ['acm:RequestCertificate', 'acm:AddTagsToCertificate'],
  's3:HeadObject': ['s3:GetObject'],
  // Needs no permission.
  'sts:GetCallerIdentity': [],
};

/** The IAM actions that a call takes, "ec2:CreateVpc". */
export function actionsOf(call: string): string[] {
  return OTHER_NAMES[call] ?? [call];
}

const APP = 'src/tasks/app/**';
/** An app may have one of its own. */
const DEPLOY_USER = 'src/tasks/cluster/lib/deploying-user.ts';

/** Whether one may do all this is asked by those who are about to. */
const PREFLIGHT = 'iam:SimulatePrincipalPolicy';

/** Those who look alone. */
const DOCTOR = ['src/checks/**', 'src/commands/doctor/**'];
const WHICH_CLUSTER = 'src/commands/cluster-place.ts';

/** What the status is put together from. */
const STATUS = [
  WHICH_CLUSTER,
  'src/checks/lookups/{alarms,container-instances,metrics,services,target-groups}.ts',
  'src/tasks/app/lib/listener-rules.ts',
  'src/tasks/cluster/{autoscaling-group,listeners,load-balancer}.ts',
];

/** Whose policy is the one that a CI server gets. */
const DEPLOY = 'src/deploy/**';

/** What removes what is old, and what it looks at before. */
const CLEANUP = 'src/cleanup/*.ts';
const BEFORE_CLEANUP = [
  WHICH_CLUSTER,
  'src/checks/lookups/{container-instances,instances,revisions,services,target-groups}.ts',
  'src/tasks/app/image-repository.ts',
  'src/tasks/app/lib/listener-rules.ts',
  'src/tasks/cluster/{listeners,load-balancer,log-group}.ts',
];
/** The one thing that it sets. */
const LIFECYCLE = 'ecr:PutLifecyclePolicy';

type Command = 'cluster' | 'app' | 'doctor' | 'deploy' | 'status' | 'cleanup';

/** Every call that each command can make, read off the imports: "ec2:CreateVpc", sorted. */
export function callsOf(root: URL): Record<Command, string[]> {
  const cluster = callsIn(root, 'src/**/*.ts', [APP, ...DOCTOR, DEPLOY, WHICH_CLUSTER, CLEANUP]);
  // An app looks at the parts of its cluster, and changes one alone.
  const isLooking = (call: string) => !isChanging(call.split(':')[1]!);
  const looks = cluster.filter(isLooking);
  const own = [...callsIn(root, `${APP}/*.ts`), ...callsIn(root, DEPLOY_USER)];
  const its = [...DOCTOR.map((folder) => `${folder}/*.ts`), WHICH_CLUSTER].flatMap((files) =>
    callsIn(root, files),
  );
  const seen = [...looks, ...own.filter(isLooking)].filter((call) => call !== PREFLIGHT);
  const shown = STATUS.flatMap((files) => callsIn(root, files)).filter(isLooking);
  const before = BEFORE_CLEANUP.flatMap((files) => callsIn(root, files)).filter(isLooking);
  return {
    cluster,
    app: [...new Set([...own, ...looks, ...ON_THE_CLUSTER])].sort(),
    doctor: [...new Set([...its, ...seen])].sort(),
    deploy: callsIn(root, `${DEPLOY}/*.ts`),
    status: [...new Set(shown)].sort(),
    cleanup: [...new Set([...before, ...callsIn(root, CLEANUP), LIFECYCLE])].sort(),
  };
}

/** The listener for HTTPS, which the first app with a certificate brings. */
const ON_THE_CLUSTER = ['elasticloadbalancing:CreateListener', 'elasticloadbalancing:AddTags'];

function callsIn(root: URL, pattern: string, exclude: string[] = []): string[] {
  const calls = globSync(pattern, { cwd: root, exclude }).flatMap((file) =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(IMPORT)].flatMap(([, names, client]) =>
      operations(names!).map((operation) => `${PREFIXES[client!] ?? client}:${operation}`),
    ),
  );
  return [...new Set(calls)].sort();
}

const IMPORT = /import \{([^}]+)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g;

function operations(names: string): string[] {
  return names.split(',').flatMap((name) => {
    const [, paginated, command] = /^\s*(?:paginate(\w+)|(\w+)Command)\s*$/.exec(name) ?? [];
    return paginated ?? command ?? [];
  });
}

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
  const names = namesOf({ account: 'digital', cluster: 'digitalApps', bucket: 'cob' });
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
