import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { Aws } from '../aws/clients.ts';
import type { Compose } from './compose/read.ts';
import { type Definition, definitionOf } from './definition.ts';
import { imageName } from './image/repository.ts';
import { runningDigests } from './rollout/describe.ts';
import type { Target } from './target.ts';

/** An image that is to run. */
export interface Image {
  name: string;
  /** By which ECS may run it; [] where that is not known. */
  digests: string[];
}

/** What runs. */
export interface Before {
  definition?: TaskDefinition;
  deploymentId?: string;
  /** What the registry had under its image's name before anything was pushed. */
  digests: string[];
}

/** What ECS is to be told. */
export interface Next {
  definition: Definition;
  compose: Compose;
  /** The image’s name in it: the former one's, where nothing but the name would change. */
  image: string;
  /** The ARN of the task definition that runs, if it is as it should be. */
  known?: string;
  /** Whether that one's image was given to another image since. */
  isMoved: boolean;
}

/** The app's image in a task definition. */
export function imageOf(
  target: Target,
  { containerDefinitions = [] }: TaskDefinition,
  wanted: string,
): string | undefined {
  const names = containerDefinitions.map(({ image = '' }) => image);
  return (
    names.find((name) => name === wanted) ??
    names.find((name) => name.startsWith(imageName(target, '')))
  );
}

/**
 * Compares what is wanted with what runs: by the digests that its containers have, as a tag may be
 * given to another image without ECS knowing.
 */
export async function nextOf(
  aws: Aws,
  target: Target,
  wanted: Image,
  composeWith: (image: string) => Compose,
  { definition: last, deploymentId, digests }: Before,
): Promise<Next> {
  const next = (image: string): Next => {
    const compose = composeWith(image);
    const definition = definitionOf(compose, target, last);
    const isKnown = last && definition.changes.length === 0;
    const known = isKnown ? last.taskDefinitionArn : undefined;
    return { definition, compose, image, known, isMoved: false };
  };
  const asked = next(wanted.name);
  const former = last && imageOf(target, last, wanted.name);
  if (!former || wanted.digests.length === 0) return asked;
  const running = deploymentId ? await runningDigests(aws, target, deploymentId, former) : [];
  const ran = running.length > 0 ? running : digests;
  if (ran.length === 0) return asked;
  const isSame = ran.every((digest) => wanted.digests.includes(digest));
  if (former === wanted.name) return { ...asked, isMoved: Boolean(asked.known) && !isSame };
  const kept = isSame ? next(former) : undefined;
  return kept?.known ? kept : asked;
}
