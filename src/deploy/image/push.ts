import type { Aws } from '../../aws/clients.ts';
import { StepFailed } from '../../errors.ts';
import { docker, dockerAgain, type Listener, type Said } from './docker.ts';
import { logIn } from './login.ts';
import { imageAt, imageName, type Repository } from './repository.ts';
import { failed, isLoggedOut, PUSH_TROUBLES } from './troubles.ts';

export interface Pushed {
  /** sha256:… */
  digest: string;
  /** What is not as it should be, and does not hinder the deploy. */
  remark?: string;
}

/**
 * Pushes the image by its tag, then as "latest", from where the next build takes layers.
 * @throws StepFailed where the tag does not arrive.
 */
export async function pushImage(
  aws: Aws,
  repository: Repository,
  tag: string,
  listener: Listener,
): Promise<Pushed> {
  const image = imageName(repository, tag);
  const said = await push(aws, repository, tag, listener);
  const isRefused = said.lines.some((line) => IMMUTABLE.test(line));
  if (!said.isDone && !isRefused) throw failed('docker push failed', said.lines, PUSH_TROUBLES);
  const digest = said.isDone
    ? digestIn(said.lines)
    : await sameThere(aws, repository.registry, image, listener);

  const latest = await push(aws, repository, 'latest', listener);
  if (latest.isDone) return { digest };
  const remark = `The image could not be pushed as “latest” too, so that the next build can reuse less: ${latest.lines.at(-1)}`;
  return { digest, remark };
}

/** Logs in once more where the password has expired, as it may while an image is built. */
async function push(
  aws: Aws,
  repository: Repository,
  tag: string,
  listener: Listener,
): Promise<Said> {
  const args = ['push', imageName(repository, tag)];
  const said = await dockerAgain(args, listener);
  if (said.isDone || !isLoggedOut(said.lines)) return said;
  listener.tell('The registry wants a new password.');
  await logIn(aws, repository.registry, listener);
  return dockerAgain(args, listener);
}

function digestIn(lines: string[]): string {
  const digest = lines.map((line) => / digest: (sha256:[0-9a-f]{64})\b/.exec(line)?.[1]);
  const found = digest.findLast(Boolean);
  if (!found) throw new StepFailed('docker pushed the image, but did not say its digest.');
  return found;
}

const IMMUTABLE = /cannot be overwritten because the (?:repository|tag) is immutable/;

/**
 * The digest of the image that has this tag in the repository already, if it is this one.
 * @throws StepFailed if it is another one.
 */
async function sameThere(
  aws: Aws,
  registry: string,
  image: string,
  listener: Listener,
): Promise<string> {
  const quiet = { ...listener, tell() {} };
  const inspected = await docker(['image', 'inspect', '--format', '{{.Id}}', image], quiet);
  const there = await imageAt(aws, registry, image);
  // By the manifest in the store of containerd, by the config in Docker's own.
  if (there && [there.digest, there.config?.digest].includes(inspected.lines.at(-1))) {
    listener.tell(`${image} is there already, and is the same.`);
    return there.digest;
  }
  throw new StepFailed(
    `${image} is there already and is another image, and the repository lets no tag be used twice.`,
    `Start a new build, which has a new number; or deploy the image that is there: --image ${image}`,
  );
}
