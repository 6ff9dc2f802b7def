import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Docker } from '../../docker.ts';
import { UserError } from '../../errors.ts';
import { type Listener, docker as runDocker } from './docker.ts';
import { imageName, type Repository } from './repository.ts';
import { BUILD_TROUBLES, failed } from './troubles.ts';

const DOCKERFILE = 'deploy/Dockerfile';

export interface Build {
  /** The app's directory, all of which docker is given but what .dockerignore names. */
  dir: string;
  tag: string;
  /** What to build for: "linux/arm64"; without it what docker builds for by itself. */
  platform?: string;
}

/**
 * Builds the app's image by its deploy/Dockerfile, and calls it by the tag and "latest". Layers are
 * taken from the last image where they are still the same; there need not be one.
 * @throws UserError without a Dockerfile; StepFailed where docker does not come to an end.
 */
export async function buildImage(
  docker: Docker,
  repository: Repository,
  { dir, tag, platform }: Build,
  listener: Listener,
): Promise<void> {
  await access(join(dir, DOCKERFILE)).catch(() => {
    throw new UserError(
      `There is no ${DOCKERFILE} in ${dir}.`,
      'digital-apps add-app puts one there.',
    );
  });
  const latest = imageName(repository, 'latest');
  const { isBuildKit, canLoad } = await builderOf(listener);
  if (!isBuildKit) await fetchLast(latest, listener);
  const args = [
    ...['build', '--file', DOCKERFILE, '--tag', imageName(repository, tag), '--tag', latest],
    // The image then says itself which layers it has, so that the next build need not have them.
    ...['--cache-from', latest, '--build-arg', 'BUILDKIT_INLINE_CACHE=1'],
    ...(platform && platform !== docker.platform ? ['--platform', platform] : []),
    // A builder in a container of its own would keep the image.
    ...(canLoad ? ['--load'] : []),
  ];
  const { isDone, lines } = await runDocker([...args, '.'], listener, { cwd: dir });
  if (!isDone) throw failed('docker build failed', lines, BUILD_TROUBLES);
}

/** Which builder `docker build` is depends on its version, plugins and environment; its help shows it. */
async function builderOf(listener: Listener) {
  const { lines } = await runDocker(['build', '--help'], quietly(listener));
  const has = (option: string) => lines.some((line) => line.includes(`--${option} `));
  return { isBuildKit: has('progress'), canLoad: has('load') };
}

/** BuildKit takes from the registry what it can use; the classic builder looks at what is here. */
async function fetchLast(latest: string, listener: Listener): Promise<void> {
  listener.tell(`Fetching ${latest}, to build on its layers.`);
  const { isDone, lines } = await runDocker(['pull', '--quiet', latest], quietly(listener));
  if (!isDone) listener.tell(`Building without it: ${lines.at(-1) ?? 'docker does not say why'}`);
}

function quietly({ signal }: Listener): Listener {
  return { tell() {}, signal };
}
