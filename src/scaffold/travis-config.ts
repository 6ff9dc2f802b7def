/** What a .travis.yml says, as plain values. */
export type Config = Record<string, unknown>;

export interface Wanted {
  branch: string;
  /** The script to run before a deploy; without one, BEFORE_DEPLOY is taken out. */
  beforeDeploy?: string;
}

/** What installs ecs-cli, in an app that deploys with it. */
export const BEFORE_DEPLOY = './deploy/install-ecs-cli.sh';

/** Whether it says all that is wanted already, in whatever form. */
export function says(config: Config, { branch, beforeDeploy }: Wanted): boolean {
  const isReady = beforeDeploy
    ? runsBefore(config, beforeDeploy)
    : !runsBefore(config, BEFORE_DEPLOY);
  return isReady && deploys(config, branch);
}

/** What it should say, with the template's entry for the deploy. */
export function withWanted(config: Config, template: Config, wanted: Wanted): Config {
  const { branch, beforeDeploy } = wanted;
  const entries = [...listOf(config.deploy), listOf(template.deploy)[0]];
  const deploy = 'deploy' in config ? entries : template.deploy;
  const deploying = deploys(config, branch) ? config : { ...config, deploy };
  if (!beforeDeploy) return withoutOurs(deploying);
  if (runsBefore(config, beforeDeploy)) return deploying;
  return { ...deploying, before_deploy: [...listOf(config.before_deploy), beforeDeploy] };
}

/** Whether it deploys that branch with the app's deploy/ecs-deploy.js. */
export function deploys(config: Config, branch: string): boolean {
  return scopesOf(config)
    .flatMap(({ scope }) => listOf(scope.deploy))
    .some((entry) => isObject(entry) && isOurs(entry) && isForBranch(entry, branch));
}

/** The branches that it deploys with the app's deploy/ecs-deploy.js, as far as it names them. */
export function deployedBranches(config: Config): string[] {
  return scopesOf(config)
    .flatMap(({ scope }) => listOf(scope.deploy))
    .filter((entry) => isObject(entry) && isOurs(entry))
    .flatMap((entry) => namedBranches(entry as Config));
}

/** Whether builds have Docker, at the top or in a job. */
export function startsDocker(config: Config): boolean {
  return scopesOf(config).some(({ scope }) => listOf(scope.services).includes('docker'));
}

/** Whether that script runs before a deploy, alone or among other commands. */
export function runsBefore(config: Config, script: string): boolean {
  return scopesOf(config)
    .flatMap(({ scope }) => listOf(scope.before_deploy))
    .flatMap((commands) => String(commands).split(/\n|&&|;/))
    .some((command) => isSameCommand(command, script));
}

/** Where settings stand: at the top, and again in every job that is listed. */
export function scopesOf(config: Config): { path: (string | number)[]; scope: Config }[] {
  const jobs = JOBS.flatMap((key) =>
    listOf(isObject(config[key]) ? config[key].include : []).map((scope, index) => ({
      path: [key, 'include', index],
      scope: isObject(scope) ? scope : {},
    })),
  );
  return [{ path: [], scope: config }, ...jobs];
}

/** Two names of the same setting. */
const JOBS = ['jobs', 'matrix'];

export function isSameCommand(one: unknown, other: string): boolean {
  return typeof one === 'string' && bare(one) === bare(other);
}

function bare(command: string): string {
  return command.trim().replace(/^(?:(?:ba)?sh\s+)?(?:\.\/)?/, '');
}

/** Travis takes one value for a list of one nearly everywhere. */
export function listOf(value: unknown): unknown[] {
  return [value ?? []].flat();
}

function isOurs({ provider, script }: Config): boolean {
  const ours = /^node\s+(?:\.\/)?deploy\/ecs-deploy\.js(?!\S)/;
  return provider === 'script' && listOf(script).some((line) => ours.test(String(line).trim()));
}

/** An entry that names no branch is for the default one, which Travis knows and the file does not. */
function isForBranch(entry: Config, wanted: string): boolean {
  const named = namedBranches(entry);
  if (isObject(entry.on) && entry.on.all_branches === true) return true;
  return (named.length > 0 ? named : ['main', 'master']).includes(wanted);
}

function namedBranches({ on }: Config): string[] {
  return listOf(isObject(on) ? on.branch : on).map(String);
}

function withoutOurs(config: Config): Config {
  const top = withoutLine(config) as Config;
  const jobs = JOBS.filter((key) => isObject(config[key]) && Array.isArray(config[key].include));
  const cleaned = jobs.map((key) => {
    const job = config[key] as { include: unknown[] };
    return [key, { ...job, include: job.include.map(withoutLine) }];
  });
  return { ...top, ...Object.fromEntries(cleaned) };
}

function withoutLine(scope: unknown): unknown {
  if (!isObject(scope)) return scope;
  const { before_deploy: before, ...rest } = scope;
  const kept = listOf(before).filter((line) => !isSameCommand(line, BEFORE_DEPLOY));
  if (kept.length === listOf(before).length) return scope;
  return kept.length > 0 ? { ...rest, before_deploy: kept } : rest;
}

function isObject(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
