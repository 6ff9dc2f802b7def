import { whereGiven } from '../../aws/cli-lines.ts';
import { primaryOf } from '../../checks/lookups/services.ts';
import type { Compose } from '../../deploy/compose/read.ts';
import { composeFor, lastDefinition } from '../../deploy/definition.ts';
import { digestsOf, imageName, wholeName } from '../../deploy/image/repository.ts';
import { newTag } from '../../deploy/image/tag.ts';
import type { Before, Image } from '../../deploy/next.ts';
import { describeService } from '../../deploy/rollout/describe.ts';
import { refuseOthers } from '../../deploy/rollout/under-way.ts';
import type { Target } from '../../deploy/target.ts';
import { checkDocker, type Docker } from '../../docker.ts';
import { UserError } from '../../errors.ts';
import { connect, regionOf, type Session } from '../session.ts';
import type { Stop } from '../stop.ts';
import type { DeployOptions } from './deploy.ts';
import type { Deploying } from './deploying.ts';
import { readRepository } from './repository.ts';
import { whichTarget } from './which.ts';

/** What is known before anything is touched. */
export interface Prepared {
  session: Session;
  dir: string;
  target: Target;
  /** What the compose file says with that image in it. */
  composeWith(image: string): Compose;
  image: Image;
  /** Absent where there is nothing to build. */
  tag?: string;
  docker?: Docker;
  before: Before;
  /** Seconds. */
  timeout: number;
}

/** @throws UserError where it cannot be done. */
export async function prepare(
  service: string | undefined,
  options: DeployOptions,
  talk: Deploying,
  { signal }: Stop,
): Promise<Prepared> {
  const timeout = seconds(options.timeout);
  const { dir, compose } = await readRepository(options.dir);
  const isBuilt = options.image === undefined && !options.sandbox && !options.dryRun;
  const docker = isBuilt ? await checkDocker(signal, talk.busy) : undefined;
  const region = await regionOf(options);
  const session = await connect('deploy', region, options, talk, { signal });
  const which = { service, cluster: options.cluster, dir, ask: talk.ask, signal };
  const { target, variables } = await whichTarget(session, which);
  const tag = options.image === undefined ? await newTag(dir, process.env) : undefined;
  const image = tag
    ? { name: imageName(target, tag), digests: [] }
    : await existing(session, target, options.image!);
  const { aws } = session;
  const found = await describeService(aws, target);
  if (found?.status === 'ACTIVE') refuseOthers(found, target);
  const before: Before = {
    definition: await lastDefinition(aws, target, found),
    deploymentId: found?.status === 'ACTIVE' ? primaryOf(found)?.id : undefined,
    digests: [],
  };
  const composeWith = (name: string) => composeFor(name, compose, variables);
  return { session, dir, target, composeWith, image, tag, docker, before, timeout };
}

/** An image that was built before. One in another registry is taken as it is: ECS asks for it there. */
async function existing({ aws, region }: Session, target: Target, given: string): Promise<Image> {
  const name = wholeName(target, given);
  const digests = await digestsOf(aws, target, name);
  if (digests.length > 0 || !name.startsWith(`${target.registry}/`)) return { name, digests };
  throw new UserError(
    `There is no image ${name}.`,
    whereGiven(
      `See those that there are: aws ecr list-images --repository-name ${target.repository} --region ${region}`,
      aws.connection,
    ),
  );
}

function seconds(minutes: string): number {
  const number = Number(minutes);
  if (number > 0 && number <= 24 * 60) return number * 60;
  throw new UserError(
    `--timeout: ${minutes} is no number of minutes.`,
    'Say how long to wait, like --timeout 20.',
  );
}
