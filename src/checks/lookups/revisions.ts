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

/** Of an ARN, or of "permits:41". */
export function definitionOf(arn: string): { family: string; revision: number } {
  const [family = '', revision] = arn.split('/').at(-1)!.split(':');
  return { family, revision: Number(revision) };
}
