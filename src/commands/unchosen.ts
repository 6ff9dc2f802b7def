import { alarmTopic } from '../tasks/app/alarm-topic.ts';
import { errorsAlarm, memoryAlarm } from '../tasks/app/alarms.ts';
import { topicArn } from '../tasks/app/lib/alarm.ts';
import type { Env } from '../tasks/app/scope.ts';
import type { AnyResource, Live } from '../tasks/resource.ts';
import { ownership } from '../tasks/tags.ts';

/** What an earlier run has made for the app and is not chosen any more, with what deletes it: somebody may rely on it. */
export async function unchosen(env: Env): Promise<string[]> {
  const { region, tags } = env;
  const standing = async (resource: AnyResource): Promise<Live | undefined> => {
    if (resource.when?.(env)) return undefined;
    const live: Live | undefined = await resource.read(env).catch(() => undefined);
    return live && ownership(live.tags ?? {}, tags, false) === 'ours' ? live : undefined;
  };
  const [topic, ...alarms] = await Promise.all(
    [alarmTopic, errorsAlarm, memoryAlarm].map(standing),
  );
  return [
    ...alarms.flatMap((live) =>
      live
        ? `The alarm ${live.id} stays, though it is not chosen any more. To delete it: aws cloudwatch delete-alarms --region ${region} --alarm-names ${live.id}`
        : [],
    ),
    ...(topic
      ? [
          `The topic ${topic.id} stays, and sends mail of the app’s alarms, though no mail is chosen any more. To delete it: aws sns delete-topic --region ${region} --topic-arn ${topicArn(env)}`,
        ]
      : []),
  ];
}
