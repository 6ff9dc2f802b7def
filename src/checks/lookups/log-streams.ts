import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { orAbsent } from '../../aws/absent.ts';
import type { Looking } from '../check.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Whether a stream whose name begins so has lines of the last day; undefined without the log group.
 * The streams of all apps are read, those with the newest lines first, until one is found.
 */
export async function hasLoggedLately(
  { aws, names }: Looking,
  prefix: string,
): Promise<boolean | undefined> {
  for (let nextToken: string | undefined, isFirst = true; isFirst || nextToken; isFirst = false) {
    const page = await orAbsent(
      aws.logs.send(
        new DescribeLogStreamsCommand({
          ...{ logGroupName: names.logGroup, orderBy: 'LastEventTime', descending: true },
          nextToken,
        }),
      ),
      /^ResourceNotFound/,
    );
    if (!page) return undefined;
    const streams = page.logStreams ?? [];
    // AWS takes up to an hour to say when the last line of a new stream came.
    const recent = streams.filter(
      ({ lastEventTimestamp = 0, creationTime = 0 }) =>
        Date.now() - Math.max(lastEventTimestamp, creationTime) < DAY,
    );
    if (recent.some(({ logStreamName }) => logStreamName?.startsWith(prefix))) return true;
    if (recent.length < streams.length) return false;
    nextToken = page.nextToken;
  }
  return false;
}
