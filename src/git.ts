import { execa } from 'execa';
import { UserError } from './errors.ts';

/** A repository on GitHub. */
export interface Slug {
  owner: string;
  name: string;
}

/** Where git has nothing to tell of a folder. */
export class NoRepository extends UserError {}

/**
 * The working tree that a folder lies in, a worktree's or a submodule's own; `branch` is undefined
 * where none is checked out.
 * @throws NoRepository where there is none; UserError for whatever git has against it.
 */
export async function repositoryOf(dir: string): Promise<{ root: string; branch?: string }> {
  const root = await git(dir, ['rev-parse', '--show-toplevel']);
  const branch = await git(dir, ['branch', '--show-current']);
  return { root, branch: branch || undefined };
}

/**
 * Where on GitHub the remote is: "origin", else "upstream", else the only one there is.
 * @throws UserError where it is elsewhere, and never shows an address: it may hold a password.
 */
export async function slugOf(dir: string): Promise<Slug> {
  const give = 'Say which repository on GitHub it is: --repo owner/name.';
  const remotes = (await git(dir, ['remote'])).split('\n').filter(Boolean);
  if (remotes.length === 0) throw new UserError(`${dir} has no remote in git.`, give);
  const known = ['origin', 'upstream'].find((each) => remotes.includes(each));
  if (!known && remotes.length > 1) {
    const names = remotes.join(', ');
    throw new UserError(`${dir} has several remotes, none of them called origin: ${names}.`, give);
  }
  const remote = known ?? remotes[0]!;
  const { host, slug } = placeOf(await git(dir, ['remote', 'get-url', '--', remote]));
  if (slug) return slug;
  throw new UserError(`The remote ${remote} is not ${missed(host)}.`, give);
}

/**
 * "owner/name", or a repository's address on GitHub.
 * @throws UserError for anything else.
 */
export function parseSlug(input: string): Slug {
  const given = input.trim().replace(/^(www\.)?github\.com\//i, 'https://github.com/');
  const place = placeOf(given);
  const slug = place.slug ?? (place.host ? undefined : slugIn(given));
  if (slug) return slug;
  throw new UserError(
    `What is given as the repository is not ${missed(place.host)}.`,
    'Give it as owner/name, like CityOfBoston/registry-certs.',
  );
}

/** The names of all branches, here and at the remotes. */
export async function branchesOf(dir: string): Promise<string[]> {
  const format = '--format=%(refname:lstrip=2)';
  const [local, remote] = await Promise.all(
    ['refs/heads', 'refs/remotes'].map((refs) => git(dir, ['for-each-ref', format, refs])),
  );
  const names = [
    ...local!.split('\n'),
    ...remote!.split('\n').map((name) => name.replace(/^[^/]*\//, '')),
  ];
  return [...new Set(names.filter(Boolean))];
}

/**
 * The commit that is checked out, and whether the folder holds anything that is not in it: changed,
 * or new and not ignored. Undefined before the first commit.
 */
export async function commitOf(
  dir: string,
): Promise<{ commit: string; isDirty: boolean } | undefined> {
  const status = await git(dir, ['status', '--porcelain=v2', '--branch', '--', '.']);
  const lines = status.split('\n').filter(Boolean);
  const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(status)?.[1];
  return commit ? { commit, isDirty: lines.some((line) => !line.startsWith('# ')) } : undefined;
}

/** The files in a folder that git tracks or would, by their paths from there. */
export async function filesIn(dir: string): Promise<string[]> {
  const files = await git(dir, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return files.split('\0').filter(Boolean);
}

/** Whether git leaves that path out, as .gitignore says; not where it is tracked all the same. */
export async function isIgnored(dir: string, path: string): Promise<boolean> {
  const result = await run(dir, ['check-ignore', '--quiet', '--', path]);
  if (result.exitCode === 0 || result.exitCode === 1) return result.exitCode === 0;
  throw trouble(dir, result);
}

/** Files of environment variables that git tracks, from the root of the repository; examples are none. */
export async function trackedEnvFiles(dir: string): Promise<string[]> {
  const files = await git(dir, ['ls-files', '-z', '--full-name', '--', ':(top)*.env*']);
  return files
    .split('\0')
    .filter((file) => /(^|\/)\.env(\.[^/]+)?$/.test(file))
    .filter((file) => !/\.(example|sample|template)$/.test(file));
}

function missed(host: string | undefined): string {
  if (!host) return 'a repository on GitHub';
  return host === GITHUB ? 'the address of a repository on GitHub' : `on GitHub but at ${host}`;
}

const GITHUB = 'github.com';

/** The host in an address as git takes it, and the repository where that host is GitHub. */
function placeOf(address: string): { host?: string; slug?: Slug } {
  const [, named, path = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/]*@)?([^/:@]+)(?::\d*)?(\/.*)$/i.exec(address) ??
    /^(?:[^/]*@)?([^/:@]+):(?!\/\/)(.*)$/.exec(address) ??
    [];
  const host = named?.toLowerCase().replace(/^(www|ssh)\.(?=github\.com$)/, '');
  return host === GITHUB ? { host, slug: slugIn(path) } : { host };
}

function slugIn(path: string): Slug | undefined {
  const [, owner, name] =
    /^\/*([a-z0-9][a-z0-9_-]{0,38})\/([a-z0-9._-]{1,100}?)(?:\.git)?\/*(?:[?#].*)?$/i.exec(path) ??
    [];
  return owner && name && !/^\.(\.|git)?$/.test(name) ? { owner, name } : undefined;
}

async function git(dir: string, args: string[]): Promise<string> {
  const result = await run(dir, args);
  if (result.failed) throw trouble(dir, result);
  return result.stdout;
}

function run(dir: string, args: string[]) {
  const env = {
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    // Set where a git hook runs this program, and stronger than the folder.
    GIT_DIR: undefined,
    GIT_WORK_TREE: undefined,
    GIT_INDEX_FILE: undefined,
  };
  return execa('git', ['-C', dir, ...args], { env, reject: false, stdin: 'ignore' });
}

interface Failed {
  code?: string;
  stderr: string;
}

function trouble(dir: string, { code, stderr }: Failed): UserError {
  const clone = 'Give the folder of a clone.';
  if (code === 'ENOENT') {
    return new NoRepository(
      'git is not on this machine.',
      'Install it: https://git-scm.com/downloads',
    );
  }
  if (stderr.includes('cannot change to'))
    return new UserError(`There is no folder ${dir}.`, clone);
  if (stderr.includes('not a git repository')) {
    return new NoRepository(`${dir} is not in a git repository.`, clone);
  }
  if (stderr.includes('must be run in a work tree')) {
    return new UserError(`${dir} is a bare repository, which holds no files.`, clone);
  }
  if (/dubious ownership|unsafe repository/.test(stderr)) {
    const line = /git config --global --add safe\.directory .+/.exec(stderr)?.[0];
    return new UserError(
      `${dir} belongs to another user, so that git leaves it alone.`,
      line && `If you trust it, run: ${line}`,
    );
  }
  const says = stderr.trim().split('\n').at(-1)?.replace('fatal: ', '');
  return new UserError(`git could not look at ${dir}: ${says}`);
}
