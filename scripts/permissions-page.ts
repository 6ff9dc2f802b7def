import { callsOf } from './calls.ts';
import {
  appPolicy,
  cleanupPolicy,
  clusterPolicy,
  deployPolicy,
  doctorPolicy,
  statusPolicy,
} from './policies.ts';

/** docs/permissions.md, whole. */
export function permissionsPage(root: URL): string {
  const { cluster, app, doctor, status, cleanup } = callsOf(root);
  return `<!-- Written by \`npm run docs\` from the calls in src. -->

# Permissions

Each command needs a policy. They name what the program calls, and what AWS asks for behind those calls; a test compares them with full runs. Give them to a user, or better to a role of IAM Identity Center.

The names are the guide's. With other prefixes put yours in place of \`digital\` and \`cob\`; outside the commercial Regions put your partition in place of \`aws\`.

A denied call is reported with the action's name and the kind of policy that denied it, where AWS says so. An SCP or a permissions boundary can deny what these policies allow.

## init-cluster

| statement | for |
| --- | --- |
| Look | reading what stands |
| NetworkAndInstances | VPC, subnets, routes, security groups, key pair, launch template; \`ec2:RunInstances\` because Auto Scaling starts instances in your name |
| ClusterLogsAndLoadBalancer | ECS cluster, log group, autoscaling group, load balancer |
| ConfigBucket | the one bucket, by your \`bucket-prefix\` |
| RolesPoliciesAndUser | roles, instance profile, policies and the Travis user, by your prefixes |
| AttachThesePoliciesAlone | to those roles and that user, none but AWS's three and your own |
| HandTheInstanceRoleToInstances | \`iam:PassRole\`, for the instance role and EC2 alone |
| ServiceLinkedRoles | the roles that ECS, Elastic Load Balancing and Auto Scaling want for themselves |

Whoever may write policies and hand roles to instances can gain more than this: give it to people whom you trust with the account, and use a permissions boundary where that is not enough.

\`\`\`json
${JSON.stringify(clusterPolicy(cluster), undefined, 2)}
\`\`\`

## add-app

| statement | for |
| --- | --- |
| Look | reading what stands of the cluster and the app |
| TrafficAndNames | target group, rules, certificate, DNS records, CloudFront; the HTTPS listener, where the app is the first with a certificate |
| Images | the app's repository of container images |
| ConfigBucket | its .env file |
| KeysOfThoseWhoDeploy | the access key, and a user of the app's own where you ask for one |
| AttachTheDeployPolicyAlone | to that user |
| AlarmsAndMail | alarms, the topic that sends their mail, and the dashboard, where you ask for them |

Whoever has this can read and replace the configuration of every app, and make keys that deploy any of them.

\`\`\`json
${JSON.stringify(appPolicy(app), undefined, 2)}
\`\`\`

## deploy

\`init-cluster\` makes this policy, and gives it to the user for Travis CI. In a cluster from before it had all of this, a deploy goes without: the service has no tags, and where a container fails its log is not shown. \`init-cluster\` brings it up to date.

\`\`\`json
${JSON.stringify(deployPolicy(), undefined, 2)}
\`\`\`

## doctor

| statement | for |
| --- | --- |
| Look | reading what stands |
| ConfigBucket | the one bucket, and whether each app's .env is in it |
| AskByScript, AskInstancesOfClusters | logs, memory and disk of instances that are unwell, or with \`--deep\` of all, by Systems Manager |

A check that may not look says so, and the others go on. So leave out what nobody should be able to do: with ConfigBucket one can read the apps' configuration, and with the last two run anything on the instances. \`doctor --fix\` needs the policy of init-cluster, and for an app that of add-app.

\`\`\`json
${JSON.stringify(doctorPolicy(doctor), undefined, 2)}
\`\`\`

## status

What it may not look at it names, and shows the rest. Only without \`ecs:ListServices\`, \`ecs:DescribeServices\`, \`ecs:ListClusters\` or \`ecs:DescribeClusters\` it can show nothing.

\`\`\`json
${JSON.stringify(statusPolicy(status), undefined, 2)}
\`\`\`

## cleanup

| statement | for |
| --- | --- |
| Look | reading what stands, and what runs in any cluster of the Region |
| Images | looking at the apps' images, deleting old ones, setting the lifecycle rule |
| TaskDefinitions | deregistering old ones; AWS takes no narrower resource for it |

A dry run does without \`ecr:BatchDeleteImage\`, \`ecr:PutLifecyclePolicy\` and TaskDefinitions.

\`\`\`json
${JSON.stringify(cleanupPolicy(cleanup), undefined, 2)}
\`\`\`
`;
}
