import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { isPending } from '../../tasks/app/alarm-topic.ts';
import { HEALTHY_HOSTS } from '../../tasks/app/alarms.ts';
import { changedByHand } from '../../tasks/app/lib/alarm.ts';
import { type AppLooking, type Check, fail, pass, skip, type Verdict, warn } from '../check.ts';
import { awsCli } from '../command-lines.ts';
import {
  alarmsFor,
  alarmsNamed,
  alarmWords,
  isGoingOff,
  subscriptionsTo,
} from '../lookups/alarms.ts';
import { NOT_DEPLOYED, serviceOf } from '../lookups/services.ts';
import { addApp, consoleOf } from './words.ts';

const group = 'App';

/** The guide's alarm, those beside it, and whether anybody hears of it. */
export const alarmChecks: Check<AppLooking>[] = [
  {
    id: 'app.alarm',
    ...{ group, title: 'An alarm watches for the app’s healthy containers' },
    problem: 'An alarm of the app is missing, changed, or going off',
    why: 'Somebody should hear of it when the last one fails.',
    fix: '`digital-apps doctor APP --fix` makes it, once a container is well; so does each deploy with digital-apps.',
    isMendable: true,
    async look(looking) {
      const { targetGroupArn, service } = looking.app;
      if (!targetGroupArn || !(await serviceOf(looking))) return NOT_DEPLOYED;
      const { errorsAlarm, memoryAlarm } = looking.app.names;
      const [alarms, others] = await Promise.all([
        alarmsFor(looking, targetGroupArn),
        alarmsNamed(looking, [errorsAlarm, memoryAlarm]),
      ]);
      const missing = warn(
        'No alarm watches its HealthyHostCount.',
        `digital-apps doctor ${service} --fix`,
      );
      return [
        ...(alarms.length > 0 ? alarms.flatMap((alarm) => verdicts(alarm, looking)) : [missing]),
        ...others
          .filter(isGoingOff)
          .map((alarm) => warn(alarmWords(alarm), consoleOf(looking), alarm.AlarmName)),
      ];
    },
  },
  {
    id: 'app.alarm-mail',
    ...{ group, title: 'Those who are to hear of the alarm do' },
    problem: 'Not everybody who should hear of the alarm does',
    why: 'AWS sends mail only to those who have said that they want it.',
    fix: 'Follow the link in AWS’s mail; after two days it is void, and add-app has another sent.',
    async look(looking) {
      const { targetGroupArn } = looking.app;
      if (!targetGroupArn || !(await serviceOf(looking))) return NOT_DEPLOYED;
      const alarms = await alarmsFor(looking, targetGroupArn);
      const topics = alarms
        .flatMap(({ AlarmActions = [] }) => AlarmActions)
        .filter((arn) => isTopicHere(arn, looking));
      if (topics.length === 0) return skip('No mail was asked for.');
      return (await Promise.all(topics.map((arn) => heard(arn, looking)))).flat();
    },
  },
];

function verdicts(alarm: MetricAlarm, looking: AppLooking): Verdict[] {
  const { AlarmName: name = '' } = alarm;
  const isOurs = name === looking.app.names.healthyHostsAlarm;
  const changed = isOurs ? changedByHand(alarm, HEALTHY_HOSTS) : undefined;
  const remove = awsCli(looking, 'cloudwatch delete-alarms', `--alarm-names ${name}`);
  const anew = `To have it as it was: ${remove}; then digital-apps doctor ${looking.app.service} --fix`;
  return [
    ...(changed ? [warn(`${name} was changed by hand: ${changed}.`, anew, name)] : []),
    stateOf(alarm, looking),
  ];
}

function stateOf(alarm: MetricAlarm, looking: AppLooking): Verdict {
  const { AlarmName: name, StateValue: state } = alarm;
  if (state === 'OK') return pass(`${name} is OK.`, name);
  if (state !== 'ALARM') return skip(`${name} has no data yet.`);
  return fail(alarmWords(alarm), consoleOf(looking), name);
}

/** Of others' topics nothing can be told. */
function isTopicHere(arn: string, { region, account }: AppLooking): boolean {
  return new RegExp(`^arn:[^:]+:sns:${region}:${account}:`).test(arn);
}

async function heard(topic: string, looking: AppLooking): Promise<Verdict[]> {
  const name = topic.split(':').at(-1)!;
  const subscriptions = await subscriptionsTo(looking, topic);
  if (subscriptions.length === 0) {
    return [
      warn(`Nobody hears what ${name} tells.`, addApp(looking, '--set alarm-email=ADDRESS'), name),
    ];
  }
  return subscriptions.map((each) => {
    const { Endpoint = '' } = each;
    if (!isPending(each)) return pass(`${name} tells ${Endpoint}.`, name);
    return warn(
      `${Endpoint} has not said yet that they want the mail of ${name}.`,
      'Follow the link in the mail that AWS has sent there',
      name,
    );
  });
}
