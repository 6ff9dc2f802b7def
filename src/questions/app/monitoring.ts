import { UserError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { alarmTopic } from '../../tasks/app/alarm-topic.ts';
import { errorsAlarm, instanceCpuAlarm, memoryAlarm } from '../../tasks/app/alarms.ts';
import { MONITORED, type Monitored } from '../../tasks/app/answers.ts';
import { dashboard } from '../../tasks/app/dashboard.ts';
import { topicArn } from '../../tasks/app/lib/alarm.ts';
import { list, text } from '../parse.ts';
import type { AnyQuestion } from '../question.ts';
import type { Question } from './question.ts';

const alarmEmail: Question<'alarm-email'> = {
  key: 'alarm-email',
  page: 'Monitoring',
  ask: 'Who gets a mail when no container of the app is well?',
  why: 'From its first deploy on, an alarm watches for that. AWS first asks the address whether it wants such mail.',
  kind: 'text',
  parse(input) {
    const value = text('alarm-email')(input);
    if (value === 'none' || /^[^\s@,]+@[^\s@,]+\.[^\s@,.]+$/.test(value)) return value;
    throw new UserError(
      `alarm-email: “${value}” is no address.`,
      'Say one, like ops@example.gov, or none.',
    );
  },
  usual: 'the address that stands, else `none`: the alarm is seen in CloudWatch alone',
  default: ({ standing }) => [...(standing.get(alarmTopic)?.emails ?? [])][0] ?? 'none',
};

const LABELS: Record<Monitored, string> = {
  errors: 'Alarm: the app answers ten requests with 5xx within five minutes',
  memory: 'Alarm: a container uses 90 % of its memory',
  instances: 'Alarms: CPU or memory of the cluster’s instances is at 90 %',
  dashboard: 'Dashboard of the cluster and all its apps',
};

const monitoring: Question<'monitoring'> = {
  key: 'monitoring',
  page: 'Monitoring',
  ask: 'What else is watched?',
  why: `Any of ${MONITORED.join(', ')}. AWS charges for alarms and dashboards by the month, some are free; one that is there stays until it is deleted in CloudWatch.`,
  kind: 'list',
  parse(input) {
    const words = input === 'none' ? [] : list('monitoring')(input);
    const stray = words.find((word) => !MONITORED.includes(word as Monitored));
    if (stray === undefined) return words as Monitored[];
    const near = nearest(stray, MONITORED);
    throw new UserError(
      `monitoring: ${stray} is none of ${MONITORED.join(', ')}.`,
      near ? `Did you mean ${near}?` : 'Name those that you want, like errors,memory; or none.',
    );
  },
  usual: 'what stands, else `none`',
  default({ place, standing }) {
    const ofInstances = standing.get(instanceCpuAlarm)?.actions;
    // That another app’s people get these mails is no wish of this one’s.
    const isOurs = ofInstances?.size === 0 || ofInstances?.has(topicArn(place));
    const stands: Record<Monitored, unknown> = {
      errors: standing.get(errorsAlarm),
      memory: standing.get(memoryAlarm),
      instances: isOurs,
      dashboard: standing.get(dashboard),
    };
    return MONITORED.filter((each) => stands[each]);
  },
  choices: async () => MONITORED.map((value) => ({ value, label: LABELS[value] })),
};

export const monitoringQuestions: AnyQuestion[] = [alarmEmail, monitoring];
