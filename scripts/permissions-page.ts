import { callsOf, leastPolicy } from './permissions.ts';

/** docs/permissions.md, whole. */
export function permissionsPage(root: URL): string {
  return `<!-- Written by \`npm run docs\` from the calls in src. -->

# Permissions

Whoever runs \`init-cluster\` needs this policy. It names what the program calls, and what AWS asks for behind those calls; a test compares it with a full run. Give it to a user, or better to a role of IAM Identity Center.

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

The names are the guide's. With other prefixes put yours in place of \`digital\` and \`cob\`; outside the commercial Regions put your partition in place of \`aws\`.

A denied call is reported with the action's name and the kind of policy that denied it, where AWS says so. An SCP or a permissions boundary can deny what this policy allows.

\`\`\`json
${JSON.stringify(leastPolicy(callsOf(root)), undefined, 2)}
\`\`\`
`;
}
