import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { find } from '../app-repo/support/app-repo.ts';
import { whyNoContainers } from '../app-repo/support/containers.ts';

export interface TestDocker {
  /** To be put first on the PATH. */
  bin: string;
  /** For DOCKER_CONFIG: what docker keeps for itself, the password among it. */
  config: string;
  /** The arguments of every start. */
  calls(): Promise<string[]>;
  /** All that docker was given as its environment. */
  environment(): Promise<string>;
  forgetCalls(): Promise<void>;
  /** Removes it, and the images for that registry. */
  remove(registry: string): Promise<void>;
}

/** Why nothing can be built here, if so. */
export async function whyNoDocker(): Promise<string | undefined> {
  return (await hasDocker()) ? undefined : whyNoContainers();
}

async function hasDocker(): Promise<boolean> {
  return (await execa('docker', ['version'], { reject: false, timeout: 5_000 })).exitCode === 0;
}

/**
 * The docker of this machine, or where none runs buildah in its clothes, with a store of its own;
 * either writes down how it was started.
 */
export async function newDocker(): Promise<TestDocker> {
  const folder = await mkdtemp(join(tmpdir(), 'digital-apps-docker-'));
  const bin = join(folder, 'bin');
  const config = join(folder, 'config');
  const calls = join(folder, 'calls');
  const environment = join(folder, 'environment');
  for (const each of [bin, config]) await mkdir(each);
  for (const each of [calls, environment]) await writeFile(each, '');
  const own = process.env.DOCKER_CONFIG || join(homedir(), '.docker');
  await symlink(join(own, 'cli-plugins'), join(config, 'cli-plugins'));
  const isReal = await hasDocker();
  const goesOn = isReal ? `exec ${find('docker')} "$@"` : BUILDAH;
  const shim = `#!/bin/sh
printf '%s\\n' "$*" >> ${calls}
env >> ${environment}
folder=${folder}
${goesOn}`;
  await writeFile(join(bin, 'docker'), shim);
  await chmod(join(bin, 'docker'), 0o755);
  const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return {
    bin,
    config,
    calls: () => linesOf(calls),
    environment: () => readFile(environment, 'utf8'),
    forgetCalls: () => writeFile(calls, ''),
    async remove(registry) {
      if (isReal) await removeImages(registry);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function removeImages(registry: string): Promise<void> {
  const { stdout } = await execa('docker', ['images', '--format', '{{.Repository}} {{.ID}}']);
  const lines = stdout.split('\n').filter((line) => line.startsWith(`${registry}/`));
  const ids = new Set(lines.map((line) => line.split(' ')[1]!));
  if (ids.size > 0) await execa('docker', ['rmi', '--force', ...ids]);
}

/** What is told apart from BuildKit: no layer is taken from an image in a registry. */
const BUILDAH = `
export REGISTRY_AUTH_FILE="$DOCKER_CONFIG/config.json" BUILDAH_ISOLATION=chroot
command=$1
shift
# What is started beside it would have no stdin.
exec 3<&0
run() {
  buildah --root "$folder/root" --runroot "$folder/run" --storage-driver vfs "$@" <&3 &
  child=$!
  trap 'kill $child' TERM
  wait $child
}
case $command in
  version) echo '{"Version":"28.2.2","Os":"linux","Arch":"${process.arch === 'x64' ? 'amd64' : process.arch}"}' ;;
  login) run login --tls-verify=false "$@" && echo 'Login Succeeded' ;;
  image) run inspect --type image --format 'sha256:{{.FromImageID}}' "$4" ;;
  push)
    run push --retry 1 --retry-delay 0s --tls-verify=false --digestfile "$folder/digest" "$1" || exit
    echo "\${1##*:}: digest: $(cat "$folder/digest") size: 1" ;;
  build)
    [ "$1" = --help ] && { echo '      --progress string   Set type of progress output'; exit; }
    for argument; do
      shift
      case $skip$argument in
        --cache-from) skip=yes ;;
        yes*) skip= ;;
        *) set -- "$@" "$argument" ;;
      esac
    done
    run bud --layers "$@" ;;
esac
`;
