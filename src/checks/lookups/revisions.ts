import { paginateListTaskDefinitions } from '@aws-sdk/client-ecs';
import type { Looking } from '../check.ts';

/** The numbers of a family's active task definitions. */
export async function activeRevisions(
  { aws }: Pick<Looking, 'aws'>,
  familyPrefix: string,
): Promise<number[]> {
  const pages = await Array.fromAsync(
    paginateListTaskDefinitions(
      { client: aws.ecs, pageSize: 100 },
      { familyPrefix, status: 'ACTIVE' },
    ),
  );
  return pages
    .flatMap(({ taskDefinitionArns = [] }) => taskDefinitionArns.map(definitionOf))
    .filter(({ family }) => family === familyPrefix)
    .map(({ revision }) => revision);
}

/** How many of a family are active: all, or no further than more than so many, a hundred a call. */
export async function countRevisions(
  { aws }: Pick<Looking, 'aws'>,
  familyPrefix: string,
  upTo = Number.POSITIVE_INFINITY,
): Promise<number> {
  const pages = paginateListTaskDefinitions(
    { client: aws.ecs, pageSize: 100 },
    { familyPrefix, status: 'ACTIVE' },
  );
  let count = 0;
  for await (const { taskDefinitionArns = [] } of pages) {
    count += taskDefinitionArns.filter((arn) => definitionOf(arn).family === familyPrefix).length;
    if (count > upTo) break;
  }
  return count;
}

/** Of an ARN, or of "permits:41". */
export function definitionOf(arn: string): { family: string; revision: number } {
  const [family = '', revision] = arn.split('/').at(-1)!.split(':');
  return { family, revision: Number(revision) };
}
