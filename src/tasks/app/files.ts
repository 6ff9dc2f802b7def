import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StepFailed, UserError } from '../../errors.ts';
import { diffLines } from '../../scaffold/diff.ts';
import { checkWritable, readInside, writeInside } from '../../scaffold/files.ts';
import { withIgnored } from '../../scaffold/ignore.ts';
import { stamped, standingOf } from '../../scaffold/stamp.ts';
import { BEFORE_DEPLOY } from '../../scaffold/travis-config.ts';
import { branchesDeployed, hasDocker, mergeTravisYml } from '../../scaffold/travis-yml.ts';
import type { Plan } from '../plan.ts';
import type { AnyResource, Live, NoNeeds } from '../resource.ts';
import { type Answered, type Env, resourceWhen } from './scope.ts';

interface LiveFile extends Live {
  text: string;
  /** What is there, in a few words. */
  content: string;
  executable: boolean;
}

/** What a file should be; or why it stays as it is, and what a person may have in its place. */
type Target = { text: string } | { trouble: string; instead?: string };

interface FileSpec {
  path: string;
  why: string;
  /** What it should be, where the app has that already. */
  target(answered: Answered, live?: LiveFile): Target;
  /** Set where a person's own is added to, and never replaced. */
  isShared?: boolean;
  remarks?(live: LiveFile, answered: Answered): string[];
}

const section = 'App Repository';
const docs = 'https://docs.docker.com/build/concepts/dockerfile/';

function file(spec: FileSpec, when: (answered: Answered) => boolean = () => true) {
  const { path, why, target, remarks, isShared } = spec;
  const done = isShared ? 'as it should be' : 'as digital-apps writes it';
  return resourceWhen<LiveFile, NoNeeds>(when, {
    name: path,
    section,
    why,
    docs,
    needs: {},
    async read({ dir }) {
      const live = await readFile(dir, path);
      return live && isShared ? { ...live, content: 'as it stands' } : live;
    },
    wanted(env, _needs, live) {
      const to = target(env, live);
      if ('trouble' in to) return {};
      return {
        content: live?.text === to.text ? live.content : done,
        executable: runs(env, path) || (live?.executable ?? false),
      };
    },
    async create(env) {
      const to = target(env);
      const text = 'text' in to ? to.text : '';
      return { ...(await write(env, path, text)), content: done };
    },
    set: {
      async content({ env, live }) {
        const to = target(env, live);
        return 'text' in to ? { ...(await write(env, path, to.text, live)), content: done } : {};
      },
      executable: ({ env, live }) => write(env, path, live.text, live),
    },
    preview(env, live) {
      const to = target(env, live);
      const text = 'text' in to ? to.text : to.instead;
      return text === undefined ? [] : diffLines(path, live?.text, text);
    },
    remarks: (env, live) => remarks?.(live, env) ?? [],
    attention(env, live) {
      const to = target(env, live);
      return 'trouble' in to ? [to.trouble] : [];
    },
  });
}

/** One of ours, from a template; what a person made of it stays until they say otherwise. */
function fromTemplate(path: string, why: string, when?: (answered: Answered) => boolean) {
  const target = (answered: Answered, live?: LiveFile): Target => {
    const text = stamped(path, templateOf(answered, path));
    const isTheirs = live && standingOf(live.text, path, templateOf(answered, path)) === 'changed';
    if (!isTheirs || answered.answers['replace-files'].includes(path)) return { text };
    return {
      trouble: `${path} is not ours or was changed, and stays as it is; --set replace-files=${path} replaces it.`,
      instead: text,
    };
  };
  return file({ path, why, target }, when);
}

const withEcsCli = ({ answers }: Answered) => answers['deploy-with'] === 'ecs-cli';

export const installEcsCli = fromTemplate(
  'deploy/install-ecs-cli.sh',
  'Fetches the guide’s ecs-cli, a fixed version whose checksum is verified.',
  withEcsCli,
);

export const travisYml = file({
  path: '.travis.yml',
  isShared: true,
  why: 'Has Travis CI deploy each build of the branch that passes; the rest of it stays as it is.',
  target(answered, live) {
    const { branch } = answered.answers;
    const beforeDeploy = withEcsCli(answered) ? BEFORE_DEPLOY : undefined;
    const template = templateOf(answered, '.travis.yml');
    try {
      return { text: mergeTravisYml(live?.text, template, { branch, beforeDeploy }) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { trouble: [error.message, error.fix].filter(Boolean).join(' ') };
    }
  },
  remarks: ({ text }, { answers }) => [
    ...(hasDocker(text)
      ? []
      : ['add the line “services: docker”, without which Travis CI cannot build the image']),
    ...branchesDeployed(text)
      .filter((branch) => branch !== answers.branch)
      .map((branch) => `the branch ${branch} is deployed, too`),
  ],
});

const gitignore = file(
  {
    path: '.gitignore',
    isShared: true,
    why: 'Keeps .env, and the secrets in it, out of the repository.',
    target: (_answered, live) => ({ text: withIgnored(live?.text, '.env') }),
  },
  ({ answers }) => answers.gitignore,
);

const ours: AnyResource[] = [
  fromTemplate('deploy/Dockerfile', 'Builds the app’s image, small and without root.'),
  fromTemplate(
    'deploy/docker-compose.yml',
    'Says how the container runs; the one place for its name, port and memory.',
  ),
  fromTemplate(
    'deploy/entrypoint.sh',
    'Fetches the app’s .env from the config bucket when a container starts.',
  ),
  fromTemplate(
    'deploy/ecs-deploy.js',
    'Builds, pushes and deploys; Travis CI runs it, and so can you.',
  ),
  installEcsCli,
  fromTemplate('deploy/.gitattributes', 'Keeps line ends as Linux wants them, on every machine.'),
  fromTemplate('.dockerignore', 'Keeps secrets and what is not needed out of the image.'),
];

/** The guide's App Repository. */
export const files: AnyResource[] = [...ours, travisYml, gitignore];

/**
 * Says beforehand what a run may not write.
 * @throws UserError
 */
export async function checkFiles({ steps }: Plan, dir: string): Promise<void> {
  const written = steps.filter(
    ({ resource, action }) => files.includes(resource) && action !== 'keep',
  );
  for (const { resource } of written) await checkWritable(dir, resource.name);
}

/** Those of our files that are not as we wrote them, in an app's repository. */
export async function changedFiles(dir: string): Promise<string[]> {
  const changed: string[] = [];
  // One by one, so that of several troubles it is always the first that is told.
  for (const { name: path } of ours) {
    const text = await readInside(dir, path);
    if (text !== undefined && standingOf(text, path, '') === 'changed') changed.push(path);
  }
  return changed;
}

async function readFile(dir: string, path: string): Promise<LiveFile | undefined> {
  const text = await readInside(dir, path);
  if (text === undefined) return undefined;
  const { mode } = await stat(join(dir, path));
  const content =
    standingOf(text, path, '') === 'older' ? 'an untouched copy of ours' : 'somebody’s own';
  return { id: path, text, content, executable: (mode & 0o111) !== 0 };
}

/** Never over what somebody has made of it since it was looked at. */
async function write(
  { dir, ...env }: Env,
  path: string,
  text: string,
  seen?: LiveFile,
): Promise<LiveFile> {
  const now = await readInside(dir, path);
  if (now !== seen?.text && now !== text) {
    throw new StepFailed(
      `${path} was changed by somebody else just now, and was left so.`,
      'Look at it, then run again.',
    );
  }
  const executable = runs(env, path);
  await writeInside(dir, path, text, { executable });
  return { id: path, text, content: '', executable };
}

/** Windows has no such bit. */
function runs({ templates }: Pick<Answered, 'templates'>, path: string): boolean {
  const isScript = templates.find((one) => one.path === path)?.executable ?? false;
  return isScript && process.platform !== 'win32';
}

function templateOf({ templates }: Answered, path: string): string {
  const found = templates.find((template) => template.path === path);
  if (!found) throw new Error(`there is no template ${path}`);
  return found.content;
}
