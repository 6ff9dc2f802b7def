import { buildImage } from '../../deploy/image/build.ts';
import type { Listener } from '../../deploy/image/docker.ts';
import { logIn } from '../../deploy/image/login.ts';
import { platformOf } from '../../deploy/image/platform.ts';
import { type Pushed, pushImage } from '../../deploy/image/push.ts';
import { standIn } from '../../deploy/image/stand-in.ts';
import type { Target } from '../../deploy/target.ts';
import type { Docker } from '../../docker.ts';
import type { Session } from '../session.ts';
import type { Deploying } from './deploying.ts';

export interface Build {
  docker: Docker;
  /** The app's repository. */
  dir: string;
  tag: string;
}

/**
 * Builds the image and pushes it.
 * @throws StepFailed with docker's last lines; UserError without a Dockerfile.
 */
export async function buildAndPush(
  { aws }: Session,
  target: Target,
  { docker, dir, tag }: Build,
  talk: Deploying,
  signal: AbortSignal,
): Promise<Pushed> {
  const listener: Listener = { tell: talk.line, signal };
  talk.begin({ id: 'build', title: `Building ${target.service}:${tag}` });
  const platform = await platformOf(aws, target.cluster);
  // The build takes layers of the last image, which is in the registry.
  await logIn(aws, target.registry, listener);
  await buildImage(docker, target, { dir, tag, platform }, listener);
  talk.end('built', `${target.service}:${tag}`);
  talk.begin({ id: 'push', title: `Pushing to ${target.registry}` });
  const pushed = await pushImage(aws, target, tag, listener);
  talk.end('pushed', pushed.digest);
  return pushed;
}

/** The sandbox has neither docker nor a registry: it is told of an image that is nowhere. */
export async function pretendToPush(
  { aws }: Session,
  target: Target,
  { dir, tag }: Omit<Build, 'docker'>,
  talk: Deploying,
): Promise<Pushed> {
  talk.begin({ id: 'push', title: 'Standing in for an image' });
  const digest = await standIn(aws, { repository: target.repository, tag, dir });
  talk.end('made up', `${target.service}:${tag}; the sandbox builds and runs nothing`);
  return { digest };
}
