import { DEPTH, REPAIR_AND_REPLACE, type Signature } from './signature.ts';

const { network, wrapper } = DEPTH;

const WAY_OUT =
  'Run digital-apps init-cluster: it puts the route to the internet gateway and the security group right. Instances need a public IP address and 443 outwards.';

/** The way from the instance to AWS. */
export const NETWORK: Signature[] = [
  {
    id: 'network.no-way-out',
    pattern:
      /^(?:Post|Get) \S*https:\/\/ecs\.[a-z0-9-]+\.amazonaws\.com\S* .*(?:request canceled while waiting|Client\.Timeout|i\/o timeout|deadline exceeded)/,
    level: 'agent',
    cause:
      'The instance does not reach ECS: it has no public IP address, no route to the Internet, or may not send to 443.',
    fix: WAY_OUT,
    precedence: network,
  },
  {
    id: 'network.dns',
    pattern: /^(?:dial tcp: )?lookup \S+\.amazonaws\.com\S*(?: on \S+)?: no such host/,
    level: 'agent',
    cause: 'The instance does not find AWS by name: DNS is off in the VPC.',
    fix: 'aws ec2 modify-vpc-attribute --vpc-id VPC_ID --enable-dns-support, and the same with --enable-dns-hostnames; digital-apps init-cluster does both for a VPC of its own.',
    precedence: network - 1,
  },
  {
    id: 'network.agent-endpoint',
    pattern: /^unable to dial \S*ecs-a-\S+ .*(?:i\/o timeout|refused|unreachable|Timeout)/,
    level: 'agent',
    cause: 'The agent does not reach the endpoint (ecs-a) that gives it its work.',
    fix: WAY_OUT,
    precedence: network + 1,
  },
  {
    id: 'network.telemetry-endpoint',
    pattern: /^unable to dial \S*ecs-t-|^Error connecting to TCS/,
    level: 'agent',
    cause: 'The agent does not reach the endpoint (ecs-t) that takes its metrics.',
    fix: WAY_OUT,
    precedence: network + 2,
    transient: true,
  },
  {
    id: 'network.poll-endpoint',
    pattern: /^Unable to discover poll endpoint/,
    level: 'agent',
    cause: 'The agent could not ask ECS where to connect: its role, its clock or its network.',
    fix: 'Read the error that follows in the line. digital-apps init-cluster puts role and network right.',
    precedence: wrapper,
    transient: true,
  },
  {
    id: 'network.tls-inspection',
    pattern: /^x509: certificate signed by unknown authority/,
    level: 'agent',
    cause:
      'Something between the instance and AWS opens the encrypted traffic: a proxy or a firewall.',
    fix: 'Let *.amazonaws.com pass it untouched, or install its certificate authority on the instances.',
    precedence: network,
  },
  {
    id: 'network.refused',
    pattern:
      /^(?:Post|Get) \S*https:\/\/\S+\.amazonaws\.com\S* .*(?:connection refused|network is unreachable|no route to host)/,
    level: 'agent',
    cause: 'The way to AWS is blocked: a network ACL, or there is no route.',
    fix: 'Look at the subnets’ network ACL (443 out, 1024-65535 in), then run digital-apps init-cluster, which puts the route right.',
    precedence: network,
  },
  {
    id: 'network.init-download',
    pattern: /^could not (?:download|cache) (?:the )?(?:Amazon .*)?Agent/i,
    level: 'agent',
    cause: 'The agent itself could not be downloaded: there is no way out to S3.',
    fix: `${WAY_OUT} AWS’s ECS image has the agent in it: ${REPAIR_AND_REPLACE}`,
    precedence: network,
  },
];
