// Deploys this app: builds its container image, pushes it to ECR, and has ecs-cli create or update the
// service, as deploy/docker-compose.yml describes it. What it needs is in environment variables.
// It has import() alone because it must run whether package.json says "type": "module" or not.
const COMPOSE_FILE = 'deploy/docker-compose.yml';
const VARIABLES = [
  'AWS_CLOUDWATCH_LOGS_GROUP',
  'AWS_DEFAULT_REGION',
  'AWS_EC2_TARGET_GROUP_ARN',
  'AWS_ECS_CLUSTER',
  'AWS_ECS_REGISTRY',
  'AWS_ECS_REPOSITORY_NAMESPACE',
  'AWS_ECS_SERVICE_NAME',
  'AWS_ECS_SERVICE_ROLE_ARN',
  'AWS_ECS_TASK_ROLE_ARN',
  'AWS_S3_CONFIG_BUCKET',
];

const { env } = process;

async function main() {
  const { homedir } = await import('node:os');
  const { delimiter, dirname, join } = await import('node:path');
  process.chdir(dirname(dirname(process.argv[1])));
  // Where install-ecs-cli.sh puts it.
  env.PATH = [join(homedir(), '.local/bin'), env.PATH].join(delimiter);

  env.AWS_DEFAULT_REGION ||= env.AWS_REGION || (await configuredRegion());
  const missing = VARIABLES.filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new Failure(`these environment variables are not set: ${missing.join(', ')}.`, 2);
  }
  const container = await readContainer();
  const repository = `${env.AWS_ECS_REGISTRY}/${env.AWS_ECS_REPOSITORY_NAMESPACE}/${env.AWS_ECS_SERVICE_NAME}`;
  const image = `${repository}:${await newTag()}`;
  const latest = `${repository}:latest`;
  await output('ecs-cli', ['--version']);

  const password = await registryPassword();
  const login = ['login', '--username', 'AWS', '--password-stdin', env.AWS_ECS_REGISTRY];
  await run('docker', login, password);
  await run('docker', [
    ...['build', '--file', 'deploy/Dockerfile', '--tag', image, '--tag', latest],
    ...['--cache-from', latest, '--build-arg', 'BUILDKIT_INLINE_CACHE=1', '.'],
  ]);
  await run('docker', ['push', image]);
  await run('docker', ['push', latest]).catch(() => {
    console.error(`ecs-deploy: going on without ${latest}; the next build can reuse less.`);
  });

  env.AWS_ECS_IMAGE = image;
  await run('ecs-cli', [
    ...['compose', '--project-name', env.AWS_ECS_SERVICE_NAME, '--file', COMPOSE_FILE],
    ...['--task-role-arn', env.AWS_ECS_TASK_ROLE_ARN, 'service', 'up'],
    ...['--cluster', env.AWS_ECS_CLUSTER, '--region', env.AWS_DEFAULT_REGION],
    ...['--target-group-arn', env.AWS_EC2_TARGET_GROUP_ARN],
    ...['--container-name', container.name, '--container-port', container.port],
    ...['--role', env.AWS_ECS_SERVICE_ROLE_ARN, '--timeout', '10'],
  ]);
}

class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The Region that `aws configure` was told, for those who deploy from their own machine. */
function configuredRegion() {
  return output('aws', ['configure', 'get', 'region']).catch(() => '');
}

async function readContainer() {
  const { readFileSync } = await import('node:fs');
  const compose = readFileSync(COMPOSE_FILE, 'utf8').replace(/^ *#.*\r?\n/gm, '');
  const name = /^services:\s+([\w-]+):/m.exec(compose)?.[1];
  const port = /^ *ports:\s+- *["']?(?:\d+:)?(\d+)/m.exec(compose)?.[1];
  if (name && port) return { name, port };
  throw new Failure(`${COMPOSE_FILE} should name a service, and under it its ports.`, 2);
}

/** No two builds have the same: ECS deploys only what has a new name. */
async function newTag() {
  const build = env.TRAVIS_BUILD_NUMBER || new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const commit = env.TRAVIS_COMMIT || (await output('git', ['rev-parse', 'HEAD']));
  return `${build}-${commit.slice(0, 7)}`;
}

/** From the access key where there is one, as on Travis, which has no AWS CLI; else by the AWS CLI. */
async function registryPassword() {
  const region = /\.ecr\.([\w-]+)\./.exec(env.AWS_ECS_REGISTRY)?.[1] ?? env.AWS_DEFAULT_REGION;
  if (!env.AWS_ACCESS_KEY_ID || !env.AWS_SECRET_ACCESS_KEY) {
    return output('aws', ['ecr', 'get-login-password', '--region', region]);
  }
  const response = await signedRequest(region);
  const answer = await response.json();
  if (!response.ok) {
    throw new Failure(`ECR gave no password for ${env.AWS_ECS_REGISTRY}: ${answer.message}`);
  }
  const [{ authorizationToken }] = answer.authorizationData;
  return Buffer.from(authorizationToken, 'base64').toString().replace('AWS:', '');
}

/** GetAuthorizationToken of ECR, signed as AWS Signature Version 4 wants it. */
async function signedRequest(region) {
  const { createHash, createHmac } = await import('node:crypto');
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const endpoint = env.AWS_ENDPOINT_URL_ECR || env.AWS_ENDPOINT_URL;
  const url = new URL(endpoint || `https://api.ecr.${region}.${domain}`);
  const body = '{}';
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), region, 'ecr', 'aws4_request'];
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-date': time,
    ...(env.AWS_SESSION_TOKEN && { 'x-amz-security-token': env.AWS_SESSION_TOKEN }),
    'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
  };
  const signed = Object.entries({ ...headers, host: url.host }).sort();
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}`);
  const request = ['POST', url.pathname, '', ...lines, '', names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce(hmac, `AWS4${env.AWS_SECRET_ACCESS_KEY}`);
  const credential = `${env.AWS_ACCESS_KEY_ID}/${scope.join('/')}`;
  const signature = hmac(key, text).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return fetch(url, { method: 'POST', headers, body }).catch(({ cause }) => {
    throw new Failure(`cannot reach ECR at ${url.host}: ${cause.message}`);
  });
}

/** What the command writes to stdout. */
async function output(command, args) {
  const { stdout } = await start(command, args, ['ignore', 'pipe', 'inherit']);
  return stdout.trim();
}

/** Shows what the command writes. */
function run(command, args, input) {
  return start(command, args, [input ? 'pipe' : 'ignore', 'inherit', 'inherit'], input);
}

async function start(command, args, stdio, input) {
  const { spawnSync } = await import('node:child_process');
  const result = spawnSync(command, args, { stdio, input, encoding: 'utf8' });
  if (result.error) throw new Failure(`${command} cannot be started: ${HELP[command]}`);
  if (result.status === 0) return result;
  throw new Failure(`${command} ${args[0]} failed.`, result.status ?? 1);
}

const HELP = {
  aws: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or install the AWS CLI and run aws configure.',
  docker: 'install Docker.',
  'ecs-cli': 'run ./deploy/install-ecs-cli.sh first.',
  git: 'install it, or set TRAVIS_COMMIT.',
};

main().catch((error) => {
  console.error(`ecs-deploy: ${error.message}`);
  process.exitCode = error.exitCode ?? 1;
});
