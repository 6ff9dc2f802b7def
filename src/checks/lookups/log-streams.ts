import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { orAbsent } from '../../aws/absent.ts';
import type { Looking } from '../check.ts';

export interface LogStream {
  group: string;
  name: string;
}

/**
 * Where the containers of a task log to CloudWatch in this Region; none of those that log elsewhere,
 * or whose streams no prefix names.
 * @param task its id.
 */
export function streamsOf(
  { containerDefinitions = [] }: TaskDefinition,
  task: string,
  region: string,
): LogStream[] {
  return containerDefinitions.flatMap(({ name, logConfiguration }) => {
    const { logDriver, options = {} } = logConfiguration ?? {};
    const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = options;
    const isHere = logDriver === 'awslogs' && (options['awslogs-region'] ?? region) === region;
    return isHere && group && prefix ? { group, name: `${prefix}/${name}/${task}` } : [];
  });
}

/**
 * Whether it is there, with lines or without: Docker makes it when the container starts, and when its
 * last line came AWS says up to an hour late. Undefined without the log group.
 */
export async function isStreamThere(
  { aws }: Looking,
  { group, name }: LogStream,
): Promise<boolean | undefined> {
  const asked = { logGroupName: group, logStreamNamePrefix: name, limit: 1 };
  const found = await orAbsent(
    aws.logs.send(new DescribeLogStreamsCommand(asked)),
    /^ResourceNotFound/,
  );
  return found?.logStreams?.some(({ logStreamName }) => logStreamName === name);
}
