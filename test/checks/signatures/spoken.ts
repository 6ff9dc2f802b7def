/** What agents and ECS really say, by the signature that must be recognised. */
export interface Spoken {
  id: string;
  /** The message. */
  says: string;
  /** What newer agents put into a field of its own, and older ones after a colon. */
  error?: string;
}

const ROLE = 'arn:aws:sts::123456789012:assumed-role/digitalAppsInstanceRole/i-0abc';
const REGISTER = 'Unable to register as a container instance with ECS';
const ECS = 'https://ecs.us-east-2.amazonaws.com/';
const ECR = '123456789012.dkr.ecr.us-east-2.amazonaws.com';
const NOT_PLACED =
  '(service parks) was unable to place a task because no container instance met all of its requirements.';
const CLOSEST = `${NOT_PLACED} The closest matching (container-instance 0c1d2e3f) `;

/** In an agent's log, in all three formats. */
export const LOGGED: Spoken[] = [
  {
    id: 'registration.denied',
    says: REGISTER,
    error: `AccessDeniedException: User: ${ROLE} is not authorized to perform: ecs:RegisterContainerInstance on resource: arn:aws:ecs:us-east-2:123456789012:cluster/digitalApps`,
  },
  {
    id: 'registration.denied',
    says: REGISTER,
    error: `operation error ECS: RegisterContainerInstance, https response error StatusCode: 400, RequestID: 7c9d, api error AccessDeniedException: User: ${ROLE} is not authorized to perform: ecs:RegisterContainerInstance`,
  },
  { id: 'cluster.not-found', says: REGISTER, error: 'ClientException: Cluster not found.' },
  { id: 'cluster.default', says: 'Successfully created a cluster', error: 'default' },
  {
    id: 'cluster.cannot-create',
    says: 'Could not create cluster',
    error: `AccessDeniedException: User: ${ROLE} is not authorized to perform: ecs:CreateCluster`,
  },
  {
    id: 'registration.invalid-parameter',
    says: 'Instance registration attempt with an invalid parameter',
    error: 'InvalidParameterException: Attributes value is invalid.',
  },
  {
    id: 'registration.invalid-action',
    says: 'Instance registration attempt with client performing invalid action',
    error: 'ClientException: The action is not allowed.',
  },
  {
    id: 'registration.invalid-attributes',
    says: 'Instance registration attempt with invalid attribute(s)',
    error: 'AttributeError: attributes[0].name',
  },
  {
    id: 'registration.type-changed',
    says: REGISTER,
    error:
      'ClientException: Container instance type changes are not supported. Container instance 3807aad8 was previously registered as t3.small.',
  },
  {
    id: 'registration.gave-up',
    says: 'Agent will terminally exit, unable to register container instance',
  },
  {
    id: 'registration.retrying',
    says: 'Received non-terminal error from RegisterContainerInstance',
    error: 'ThrottlingException: Rate exceeded',
  },
  {
    id: 'registration.region',
    says: REGISTER,
    error:
      "InvalidSignatureException: Credential should be scoped to a valid region, not 'us-east-1'.",
  },
  {
    id: 'registration.identity',
    says: REGISTER,
    error:
      'ClientException: The specified identity document and identity document signature were not valid.',
  },
  {
    id: 'registration.deregistered',
    says: 'Unable to discover poll endpoint',
    error: 'InactiveInstanceException: the instance is INACTIVE',
  },
  {
    id: 'registration.deregistered',
    says: REGISTER,
    error: 'ClientException: Referenced container instance 0c1d2e3f not registered.',
  },
  {
    id: 'registration.arn-missing',
    says: 'Error from ACS',
    error: 'websocket: close 1008 (policy violation): Missing container instance arn',
  },
  {
    id: 'registration.long-arn',
    says: REGISTER,
    error: 'InvalidParameterException: Long arn format must be enabled for tagging.',
  },
  {
    id: 'credentials.none',
    says: REGISTER,
    error:
      'NoCredentialProviders: no valid providers in chain. Deprecated.\n\tFor verbose messaging see aws.Config.CredentialsChainVerboseErrors',
  },
  {
    id: 'credentials.trust',
    says: REGISTER,
    error:
      'operation error ECS: RegisterContainerInstance, get identity: get credentials: failed to refresh cached credentials, AssumeRoleUnauthorizedAccess: EC2 cannot assume the role digitalAppsInstanceRole.',
  },
  {
    id: 'credentials.proxy',
    says: 'Unable to get instance identity document',
    error:
      'Get "http://169.254.169.254/latest/dynamic/instance-identity/document": proxyconnect tcp: dial tcp 10.0.0.9:3128: i/o timeout',
  },
  {
    id: 'credentials.no-role',
    says: 'Error getting valid credentials',
    error: 'EC2RoleRequestError: no EC2 instance role found\ncaused by: EC2MetadataError',
  },
  {
    id: 'credentials.no-role',
    says: REGISTER,
    error:
      'get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, http response error StatusCode: 404',
  },
  { id: 'credentials.invalid', says: 'Error getting valid credentials', error: 'timed out' },
  {
    id: 'metadata.identity-document',
    says: 'Unable to get instance identity document',
    error: 'EC2MetadataRequestError: failed to get EC2 instance identity document',
  },
  {
    id: 'metadata.region',
    says: 'Unable to communicate with EC2 Metadata service to infer region',
    error: 'EC2MetadataRequestError: failed to get EC2 instance identity document',
  },
  {
    id: 'clock.off',
    says: REGISTER,
    error:
      'InvalidSignatureException: Signature not yet current: 20261123T120000Z is still later than 20261123T100500Z (20261123T100000Z + 5 min.)',
  },
  { id: 'metadata.vpc-id', says: 'Unable to get vpc id from instance metadata', error: '404' },
  {
    id: 'metadata.network',
    says: "Unable to get mac address of instance's primary ENI from instance metadata",
    error: 'EC2MetadataError: failed to make EC2Metadata request',
  },
  {
    id: 'network.no-way-out',
    says: `${REGISTER}: RequestError: send request failed\ncaused by: Post "${ECS}": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
  },
  {
    id: 'network.no-way-out',
    says: REGISTER,
    error: `RequestError: send request failed\ncaused by: Post "${ECS}": dial tcp 52.95.18.1:443: i/o timeout`,
  },
  {
    id: 'network.dns',
    says: REGISTER,
    error: `RequestError: send request failed\ncaused by: Post "${ECS}": dial tcp: lookup ecs.us-east-2.amazonaws.com on 10.20.0.2:53: no such host`,
  },
  {
    id: 'network.agent-endpoint',
    says: 'Error connecting to ACS: websocket client: unable to dial ecs-a-1.us-east-2.amazonaws.com response: : dial tcp 3.12.23.1:443: i/o timeout',
  },
  {
    id: 'network.telemetry-endpoint',
    says: 'Error connecting to TCS: websocket client: unable to dial ecs-t-1.us-east-2.amazonaws.com response: : dial tcp 3.12.23.2:443: i/o timeout',
  },
  {
    id: 'network.poll-endpoint',
    says: 'Unable to discover poll endpoint',
    error: 'RequestError: send request failed',
  },
  {
    id: 'network.tls-inspection',
    says: REGISTER,
    error: `RequestError: send request failed\ncaused by: Post "${ECS}": x509: certificate signed by unknown authority`,
  },
  {
    id: 'network.refused',
    says: REGISTER,
    error: `RequestError: send request failed\ncaused by: Post "${ECS}": dial tcp 52.95.18.1:443: connect: network is unreachable`,
  },
  {
    id: 'network.init-download',
    says: 'could not download Amazon Elastic Container Service Agent',
    error: 'Get "https://s3.us-east-2.amazonaws.com/": dial tcp: i/o timeout',
  },
  {
    id: 'boot.cloud-init',
    says: 'Cloud-init failure detected, datasource is DataSourceNone',
  },
  {
    id: 'state.cluster-changed',
    says: "Data mismatch; saved cluster 'default' does not match configured cluster 'digitalApps'. Perhaps you want to delete the configured checkpoint file?",
  },
  {
    id: 'state.corrupt',
    says: 'Error loading previously saved state',
    error: 'unexpected end of JSON input',
  },
  { id: 'config.invalid', says: 'Error loading config', error: 'Missing required fields: Cluster' },
  { id: 'config.invalid', says: 'Invalid logging drivers: [jsonfile]' },
  { id: 'config.json', says: 'Error reading cfg json data', error: 'invalid character' },
  {
    id: 'boot.cgroup',
    says: "Unable to initialize cgroup root '/ecs'",
    error: 'permission denied',
  },
  {
    id: 'boot.old-docker',
    says: 'Required minimum docker API version 1.21 is not supported',
  },
  { id: 'boot.broken-install', says: 'Failed to load pause container', error: 'no such image' },
  { id: 'boot.broken-install', says: 'agent is not started with an init system' },
  {
    id: 'boot.lifecycle',
    says: 'Could not determine target lifecycle of instance',
    error: 'timed out',
  },
  {
    id: 'boot.gpu',
    says: 'Could not initialize Nvidia GPU Manager',
    error: 'libnvidia-ml.so.1 not found',
  },
  {
    id: 'docker.down',
    says: 'Docker SDK client unable to ping Docker daemon',
    error: 'context deadline exceeded',
  },
  {
    id: 'docker.down',
    says: 'Could not connect to docker daemon',
    error: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
  },
  {
    id: 'docker.boot-race',
    says: 'could not start Agent',
    error: 'dial unix /var/run/docker.sock: connect: no such file or directory',
  },
  {
    id: 'docker.storage',
    says: 'could not start Agent',
    error: 'dial unix /var/run/docker.sock: connect: connection refused',
  },
  {
    id: 'docker.storage',
    says: 'failed to start daemon: error initializing graphdriver: overlay2: unknown option',
  },
  { id: 'host.out-of-memory', says: 'fatal error: runtime: out of memory' },
  {
    id: 'host.disk-full',
    says: 'Error saving state',
    error: 'write /data/agent.db: no space left on device',
  },
  {
    id: 'docker.slow',
    says: 'Task engine: unable to create container',
    error: 'DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s',
  },
  {
    id: 'docker.saturated',
    says: 'CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s',
  },
  {
    id: 'docker.stuck-stop',
    says: 'Error stopping container',
    error: 'DockerTimeoutError: Could not transition to stopped; timed out after waiting 2m30s',
  },
  {
    id: 'docker.bridge-store',
    says: 'failed to update bridge store for object type *bridge.networkConfiguration: timeout',
  },
  {
    id: 'docker.ping',
    says: '[DockerRuntimeHealthcheck] Docker Ping failed with error: context deadline exceeded',
  },
  {
    id: 'session.eof',
    says: 'Error lost websocket connection with ACS',
    error: 'websocket: close 1006 (abnormal closure): unexpected EOF',
  },
  {
    id: 'session.idle-channel',
    says: 'Error lost websocket connection with ACS',
    error: 'websocket: close 1002 (protocol error): Channel long idle: No message is received',
  },
  {
    id: 'session.closed',
    says: 'Error sending ack',
    error: 'write tcp 10.20.0.4:38712->3.12.23.1:443: use of closed network connection',
  },
  {
    id: 'session.no-activity',
    says: "ACS Connection hasn't had any activity for too long; closing connection",
  },
];

/** In a service's events, or as the reason of a stopped task. */
export const TOLD: Spoken[] = [
  {
    id: 'image.denied',
    says: `CannotPullContainerError: Error response from daemon: pull access denied for ${ECR}/digital-apps/parks, repository does not exist or may require 'docker login': denied: User: ${ROLE} is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-2:123456789012:repository/digital-apps/parks because no identity-based policy allows the ecr:BatchGetImage action`,
  },
  {
    id: 'image.access-denied',
    says: "CannotPullContainerError: Error response from daemon: pull access denied for parks, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  },
  {
    id: 'image.no-way-out',
    says: `CannotPullContainerError: Error response from daemon: Get "https://${ECR}/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
  },
  {
    id: 'image.pull-denied',
    says: `CannotPullContainerError: Error response from daemon: pull access denied for ${ECR}/parks, repository does not exist or may require 'docker login'`,
  },
  {
    id: 'image.rate-limit',
    says: 'CannotPullContainerError: Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  },
  {
    id: 'image.no-tag',
    says: `CannotPullContainerError: Error response from daemon: manifest for ${ECR}/parks:12 not found: manifest unknown: Requested image not found`,
  },
  {
    id: 'image.no-repository',
    says: "CannotPullContainerError: Error response from daemon: name unknown: The repository with name 'digital-apps/parks' does not exist in the registry with id '123456789012'",
  },
  {
    id: 'image.no-credentials',
    says: `CannotPullContainerError: Error response from daemon: Head "https://${ECR}/v2/parks/manifests/latest": no basic auth credentials`,
  },
  {
    id: 'image.platform',
    says: 'exec /usr/local/bin/docker-entrypoint.sh: exec format error',
  },
  {
    id: 'image.platform',
    says: 'CannotPullContainerError: Error response from daemon: no matching manifest for linux/amd64 in the manifest list entries',
  },
  { id: 'image.pull-failed', says: 'CannotPullContainerError: something new' },
  {
    id: 'logging.no-credentials',
    says: 'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: NoCredentialProviders: no valid providers in chain. Deprecated.',
  },
  {
    id: 'logging.no-credentials',
    says: 'CannotStartContainerError: Error response from daemon: failed to create task for container: failed to initialize logging driver: failed to create Cloudwatch log stream: operation error CloudWatch Logs: CreateLogStream, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found',
  },
  {
    id: 'logging.no-group',
    says: 'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
  },
  {
    id: 'logging.denied',
    says: `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: AccessDeniedException: User: ${ROLE} is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:us-east-2:123456789012:log-group:digitalApps`,
  },
  {
    id: 'env-file.unreadable',
    says: 'ResourceInitializationError: failed to download env files: file download command: non empty error stream: unable to download env file with key parks/.env from bucket cob-digital-apps-config',
  },
  {
    id: 'role.no-execution-role',
    says: 'ResourceInitializationError: unable to pull secrets or registry auth: unable to find execution role credentials',
  },
  {
    id: 'role.not-assumable',
    says: "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/digitalAppsTaskRole' that was provided for this task.",
  },
  {
    id: 'role.not-assumable',
    says: "(service parks) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/digitalAppsTaskRole' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).",
  },
  {
    id: 'role.secrets-denied',
    says: `ResourceInitializationError: unable to pull secrets: AccessDeniedException: User: ${ROLE} is not authorized to perform: secretsmanager:GetSecretValue`,
  },
  {
    id: 'metadata.hop-limit',
    says: 'Unable to locate credentials. You can configure credentials by running "aws configure".',
  },
  {
    id: 'start.permission',
    says: 'CannotStartContainerError: Error response from daemon: OCI runtime create failed: runc create failed: unable to start container process: exec: "deploy/entrypoint.sh": permission denied: unknown',
  },
  {
    id: 'start.no-such-file',
    says: 'CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "deploy/entrypoint.sh": stat deploy/entrypoint.sh: no such file or directory: unknown',
  },
  {
    id: 'start.no-such-file',
    says: 'standard_init_linux.go:228: exec user process caused: no such file or directory',
  },
  {
    id: 'start.runtime',
    says: 'CannotStartContainerError: Error response from daemon: OCI runtime create failed: invalid mount',
  },
  {
    id: 'exit.memory',
    says: 'OutOfMemoryError: Container killed due to memory usage',
  },
  { id: 'exit.essential', says: 'Essential container in task exited' },
  { id: 'exit.container-health', says: 'Task failed container health checks' },
  { id: 'exit.host-gone', says: 'Host EC2 (instance i-0abc) terminated.' },
  {
    id: 'placement.no-instances',
    says: `${NOT_PLACED} Reason: No Container Instances were found in your cluster.`,
  },
  { id: 'placement.agent', says: `${CLOSEST}encountered error "AGENT".` },
  { id: 'placement.agent', says: 'AGENT' },
  { id: 'placement.memory', says: `${CLOSEST}has insufficient memory available.` },
  { id: 'placement.memory', says: 'RESOURCE:MEMORY' },
  { id: 'placement.cpu', says: `${CLOSEST}has insufficient CPU units available.` },
  { id: 'placement.port', says: `${CLOSEST}is already using a port required by your task.` },
  {
    id: 'placement.port',
    says: 'CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint parks: Bind for 0.0.0.0:3000 failed: port is already allocated',
  },
  { id: 'placement.attribute', says: `${CLOSEST}is missing an attribute required by your task.` },
  {
    id: 'service.crash-loop',
    says: '(service parks) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.',
  },
  {
    id: 'service.health-code',
    says: '(service parks) (instance i-0abc) (port 32768) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/parks/50dc6c495c0c9188) due to (reason Health checks failed with these codes: [404])',
  },
  {
    id: 'service.health-timeout',
    says: '(service parks) (instance i-0abc) (port 32768) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/parks/50dc6c495c0c9188) due to (reason Request timed out)',
  },
  {
    id: 'service.health-failed',
    says: 'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/parks/50dc6c495c0c9188)',
  },
  {
    id: 'service.target-group',
    says: '(service parks) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/parks/50dc6c495c0c9188) with (error verify that the ECS service role being passed has the proper permissions)',
  },
  {
    id: 'service.rolled-back',
    says: '(service parks) (deployment ecs-svc/0123456789) deployment failed: tasks failed to start.',
  },
  {
    id: 'service.throttled',
    says: '(service parks) operations are being throttled on elb. Will try again later.',
  },
  {
    id: 'service.throttled',
    says: '(service parks) operations are being throttled. Will try again later.',
  },
  {
    id: 'service.no-leeway',
    says: '(service parks) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
  },
];

/** What looks like trouble and is none. */
export const HARMLESS: Spoken[] = [
  {
    id: 'session.expired',
    says: 'Error lost websocket connection with ACS',
    error: 'websocket: close 1000 (normal): ConnectionExpired: Reconnect to continue',
  },
  { id: 'session.expired', says: 'TCS Websocket connection closed for a valid reason' },
  {
    id: 'metadata.outpost',
    says: 'Unable to obtain Outpost ARN from EC2 Metadata',
    error: 'EC2MetadataError: failed to make EC2Metadata request status code: 404',
  },
  {
    id: 'state.instance-copied',
    says: "Data mismatch; saved InstanceID 'i-0old' does not match current InstanceID 'i-0new'. Overwriting old datafile",
  },
  { id: 'service.steady', says: '(service parks) has reached a steady state.' },
];
