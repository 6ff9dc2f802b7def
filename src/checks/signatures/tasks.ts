import { DEPTH, type Signature } from './signature.ts';

const { credentials, task, wrapper } = DEPTH;

/** How a task fails to start, or ends. */
export const TASKS: Signature[] = [
  {
    id: 'logging.no-credentials',
    pattern:
      /^failed to initialize logging driver: .*(?:NoCredentialProviders|no EC2 IMDS role found|failed to refresh cached credentials)/i,
    level: 'task',
    cause:
      'Docker itself has no credentials to write logs with: no instance profile, or its calls go to a proxy.',
    fix: 'Run digital-apps init-cluster for the profile. With a proxy, set NO_PROXY=169.254.169.254 for docker.service, too.',
    // Says the same as a line about the agent's own credentials, and more.
    precedence: credentials - 5,
  },
  {
    id: 'logging.no-group',
    pattern: /^(?:ResourceNotFoundException: )?The specified log group does not exist/,
    level: 'task',
    cause: 'The log group that the task definition names does not exist.',
    fix: 'Run digital-apps init-cluster, which makes the cluster’s log group.',
    precedence: task - 3,
  },
  {
    id: 'logging.denied',
    pattern: /^User: \S+ is not authorized to perform: logs:/,
    level: 'task',
    cause: 'The instance role may not write logs.',
    fix: 'Run digital-apps init-cluster, which attaches AmazonEC2ContainerServiceforEC2Role to the instance role.',
    precedence: task - 5,
  },
  {
    id: 'env-file.unreadable',
    pattern:
      /^(?:failed to download env files|unable to download env file with key \S+ from bucket)/,
    level: 'task',
    cause:
      'The environment file could not be read from S3: no right, no such key, or another Region.',
    fix: 'Look at the execution role’s right to s3:GetObject, and whether the key is there: aws s3 ls s3://BUCKET/KEY',
    precedence: task,
  },
  {
    id: 'role.no-execution-role',
    pattern: /^unable to find execution role credentials/,
    level: 'task',
    cause: 'The task definition needs an execution role and names none.',
    fix: 'Add executionRoleArn to the task definition, then deploy.',
    precedence: task,
  },
  {
    id: 'role.not-assumable',
    pattern: /^ECS was unable to assume the role/,
    level: 'task',
    cause:
      'ECS may not take on the task’s role: it is gone, or does not trust ecs-tasks.amazonaws.com.',
    fix: 'Run digital-apps init-cluster, which puts the task role right.',
    precedence: task,
  },
  {
    id: 'role.secrets-denied',
    pattern: /^User: \S+ is not authorized to perform: (?:secretsmanager|ssm|kms):/,
    level: 'task',
    cause: 'The execution role may not read a secret that the task definition names.',
    fix: 'Allow the execution role the action that the line names.',
    precedence: task - 5,
  },
  {
    id: 'start.permission',
    pattern: /^exec: "\S+": permission denied|^exec \S+: permission denied/,
    level: 'task',
    cause: 'The container’s entrypoint is not executable.',
    fix: 'git update-index --chmod=+x deploy/entrypoint.sh, commit, then deploy.',
    precedence: task - 2,
  },
  {
    id: 'start.no-such-file',
    pattern:
      /^exec: "\S+": (?:stat \S+: no such file|executable file not found)|^exec (?:\S+|user process caused): no such file or directory/,
    level: 'task',
    cause: 'The container’s entrypoint is not there, or its lines end as on Windows (CRLF).',
    fix: 'Look at the paths in deploy/Dockerfile; “deploy/entrypoint.sh text eol=lf” in .gitattributes keeps the line ends.',
    precedence: task - 2,
  },
  {
    id: 'start.runtime',
    pattern: /^OCI runtime create failed/,
    level: 'task',
    cause: 'The container could not be started as its image or task definition says.',
    fix: 'Read the rest of the line; usually it is the entrypoint or the command. Try it locally with docker run.',
    precedence: task,
  },
  {
    id: 'exit.memory',
    pattern:
      /^(?:OutOfMemoryError: )?Container killed due to memory usage|^Memory cgroup out of memory: Kill|^exit code:? 137\b/i,
    level: 'task',
    cause: 'The app used more memory than its task definition allows, and was killed.',
    fix: 'Raise mem_limit in deploy/docker-compose.yml (the memory of the task definition), then deploy.',
    precedence: task,
  },
  {
    id: 'exit.essential',
    pattern: /^Essential container in task exited/,
    level: 'task',
    cause: 'The app ended by itself.',
    fix: 'Read the app’s last lines in CloudWatch Logs: they say why.',
    precedence: wrapper + 2,
  },
  {
    id: 'exit.container-health',
    pattern: /^Task failed container health checks/,
    level: 'task',
    cause: 'The health check in the task definition (or image) failed.',
    fix: 'Run the check’s command in the container locally, and read the app’s log.',
    precedence: wrapper + 1,
  },
  {
    id: 'exit.host-gone',
    pattern: /^Host EC2 \(instance \S+\) (?:terminated|stopped)/,
    level: 'task',
    cause: 'The instance under the task was stopped or terminated; ECS starts the task elsewhere.',
    fix: 'Nothing, unless it was not meant to go: the group’s activity history in the EC2 console says why it went.',
    precedence: wrapper + 3,
  },
];
