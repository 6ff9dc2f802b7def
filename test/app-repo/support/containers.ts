import { execFileSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { find } from './app-repo.ts';

/** Why no container can be built here, if so. */
export function whyNoContainers(): string | undefined {
  if (process.platform !== 'linux') return 'not on Linux';
  if (process.getuid?.() !== 0) return 'not root';
  return find('buildah') ? undefined : 'no buildah';
}

interface Config {
  Entrypoint: string[];
  Cmd: string[];
  Env: string[];
  User: string;
}

/** Builds and runs containers with buildah, in a store of their own that goes with `remove()`. */
export async function newStore() {
  const folder = await mkdtemp(join(tmpdir(), 'digital-apps-containers-'));
  const store = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run')];
  const common = [...store, '--storage-driver', 'vfs'];
  const buildah = (args: string[], cwd?: string) =>
    execa('buildah', [...common, ...args], { all: true, cwd });

  return {
    /** Makes an image out of a folder with a root file system. */
    async import(root: string, image: string): Promise<void> {
      const { stdout: container } = await buildah(['from', 'scratch']);
      await buildah(['add', '--quiet', container, root, '/']);
      await buildah(['config', '--env', 'PATH=/usr/local/bin:/usr/bin:/bin', container]);
      await buildah(['commit', '--quiet', '--rm', '--disable-compression', container, image]);
    },
    /** What `docker build -t IMAGE -f deploy/Dockerfile .` does in the app's folder, on another base. */
    async build(app: string, image: string, base: string): Promise<string> {
      const args = ['--isolation', 'chroot', '--build-arg', `NODE_IMAGE=${base}`];
      return (await buildah(['bud', ...args, '-t', image, '-f', 'deploy/Dockerfile', '.'], app))
        .all;
    },
    async config(image: string): Promise<Config> {
      const { stdout } = await buildah(['inspect', '--type', 'image', image]);
      return JSON.parse(stdout).OCIv1.config;
    },
    /** Starts a command in a new container of the image, as its user, on the network of this machine. */
    async start(image: string, command: string[], env: Record<string, string> = {}) {
      const { stdout: container } = await buildah(['from', image]);
      const set = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
      const args = ['run', '--isolation', 'chroot', ...set, container, '--', ...command];
      const ended = execa('buildah', [...common, ...args], { all: true, reject: false });
      return { stop: () => ended.kill('SIGTERM'), ended };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Copies a program of this machine, with the libraries that it needs, to where the image has it. */
async function copyProgram(root: string, program: string, target?: string): Promise<void> {
  const file = find(program)!;
  const libraries = execFileSync('sh', ['-c', 'ldd "$0" || :', file], { encoding: 'utf8' });
  const copies = [[file, target ?? join('/usr/bin', basename(program))]];
  for (const library of libraries.match(/\/\S+/g) ?? []) copies.push([library, library]);
  for (const [from, to] of copies as [string, string][]) {
    await mkdir(join(root, dirname(to)), { recursive: true });
    await copyFile(await realpath(from), join(root, to));
  }
}

/** A root file system with shells and the few tools that Debian's slim images have, and no more. */
export async function newRoot(root: string): Promise<void> {
  for (const folder of ['bin', 'etc', 'home/node', 'proc', 'root', 'tmp', 'usr/local/bin']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  const tools = ['cat', 'chown', 'env', 'grep', 'ls', 'mktemp', 'mv', 'rm', 'sed', 'tr'];
  for (const tool of ['dash', 'bash', ...tools]) await copyProgram(root, tool);
  await symlink('/usr/bin/dash', join(root, 'bin/sh'));
  await symlink('/usr/bin/bash', join(root, 'bin/bash'));
  const passwd = 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n';
  await writeFile(join(root, 'etc/passwd'), passwd);
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
  await execa('chmod', ['1777', join(root, 'tmp')]);
  await execa('chown', ['1000:1000', join(root, 'home/node')]);
}

/** Adds this machine's Node and npm, and curl with an empty list of whom to trust. */
export async function addNode(root: string): Promise<void> {
  await copyProgram(root, process.execPath, '/usr/local/bin/node');
  const npm = dirname(dirname(await realpath(find('npm')!)));
  await cp(npm, join(root, 'usr/local/lib/npm'), { recursive: true });
  await symlink('../lib/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  await copyProgram(root, 'curl');
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true });
  await writeFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), '');
}
