import { globSync, readFileSync } from 'node:fs';
import { isChanging } from '../src/aws/journal.ts';

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
  's3:ListObjectsV2': ['s3:ListBucket'],
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
export const PREFLIGHT = 'iam:SimulatePrincipalPolicy';

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
  'src/tasks/cluster/{autoscaling-group,listeners,load-balancer,log-group}.ts',
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
