import { DEPTH, onHost, REPAIR_AND_REPLACE, RESTART_AGENT, type Signature } from './signature.ts';

const { clock, credentials } = DEPTH;

const ATTACH = `Run digital-apps init-cluster, which puts the instance profile into the launch template. Has it just been attached, wait a minute, then: ${RESTART_AGENT}`;
const METADATA =
  'aws ec2 modify-instance-metadata-options --instance-id INSTANCE_ID --http-endpoint enabled --http-tokens required --http-put-response-hop-limit 2';

/** The instance's own credentials, its metadata service, and its clock. */
export const CREDENTIALS: Signature[] = [
  {
    id: 'credentials.none',
    pattern: /^NoCredentialProviders: no valid providers in chain/,
    level: 'agent',
    cause: 'The instance has no credentials: no instance profile is attached to it.',
    fix: ATTACH,
    precedence: credentials + 3,
  },
  {
    id: 'credentials.trust',
    pattern:
      /^(?:failed to refresh cached credentials, )?(?:AssumeRoleUnauthorizedAccess|EC2 cannot assume the role)/,
    level: 'agent',
    cause:
      'EC2 may not take on the instance role: its trust policy does not name ec2.amazonaws.com.',
    fix: 'Run digital-apps init-cluster, which puts the trust policy of the instance role right.',
    precedence: credentials,
  },
  {
    id: 'credentials.proxy',
    pattern: /^(?:Get|Put) \S*http:\/\/169\.254\.(?:169\.254|170\.2)\S* proxyconnect tcp/,
    level: 'agent',
    cause: 'What is meant for the instance’s own metadata service is sent to the proxy.',
    fix: 'Add NO_PROXY=169.254.169.254,169.254.170.2,/var/run/docker.sock where the user data sets HTTP_PROXY, then replace the instance.',
    precedence: credentials - 1,
  },
  {
    id: 'credentials.no-role',
    pattern: /^(?:EC2RoleRequestError: )?no EC2 (?:IMDS|instance) role found/,
    level: 'agent',
    cause: 'The instance has no role: its profile is missing, empty, or not yet known everywhere.',
    fix: ATTACH,
    precedence: credentials + 1,
  },
  {
    id: 'credentials.invalid',
    pattern: /^Error getting valid credentials/,
    level: 'agent',
    cause: 'The agent gets no credentials from the instance’s profile.',
    fix: ATTACH,
    precedence: credentials + 5,
  },
  {
    id: 'metadata.identity-document',
    pattern: /^Unable to get instance identity (?:document|signature)/,
    level: 'agent',
    cause: 'The instance’s metadata service is switched off or cannot be reached.',
    fix: METADATA,
    precedence: credentials,
  },
  {
    id: 'metadata.region',
    pattern: /^Unable to communicate with EC2 Metadata service to infer region/,
    level: 'agent',
    cause: 'The agent cannot reach the metadata service, and so does not know its Region.',
    fix: METADATA,
    precedence: credentials,
  },
  {
    id: 'metadata.hop-limit',
    pattern:
      /^Unable to locate credentials|^CredentialsProviderError|^Could not load credentials from any providers/,
    level: 'task',
    cause:
      'The container gets no credentials: the task has no role, or the metadata service answers the host alone (hop limit 1).',
    fix: `Give the task its role, or: ${METADATA}`,
    precedence: DEPTH.task,
  },
  {
    id: 'clock.off',
    pattern: /^(?:InvalidSignatureException: )?Signature (?:not yet current|expired)/,
    level: 'agent',
    cause: 'The instance’s clock is off by more than five minutes, so AWS refuses what it signs.',
    fix: onHost('systemctl restart chronyd', 'chronyc makestep', 'systemctl restart ecs'),
    precedence: clock,
  },
  {
    id: 'metadata.vpc-id',
    pattern: /^unable to get vpc id from instance metadata/i,
    level: 'agent',
    cause: 'A fault of old agents: the VPC’s id could not be read from the metadata service.',
    fix: REPAIR_AND_REPLACE,
    precedence: credentials + 2,
  },
  {
    id: 'metadata.network',
    pattern: /^unable to (?:get|retrieve) (?:the )?(?:mac address|subnet id)/i,
    level: 'agent',
    cause: 'The metadata service does not answer as it should.',
    fix: METADATA,
    precedence: credentials + 2,
  },
  {
    id: 'metadata.outpost',
    pattern: /^Unable to obtain Outpost ARN/i,
    level: 'agent',
    cause: 'The instance is on no Outpost; the agent always asks.',
    fix: 'Nothing to do.',
    precedence: credentials,
    benign: true,
  },
];
