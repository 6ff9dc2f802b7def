import { ago } from '../checks/app/words.ts';
import type { AppStatus, Status } from '../status/status.ts';
import { beside, cut, type Look, labelled, wrapped } from './look.ts';
import { tableOf } from './status-table.ts';
import { clusterWords, effort, MARKS, note, summary } from './status-words.ts';
import { NARROW } from './style.ts';

/** The lines of a status, as they are shown above and below each other. */
export interface StatusLines {
  cluster: string[];
  /** The names of the columns, where there are any. */
  header: string[];
  /** Of each app in the status’s order. */
  apps: string[][];
  end: string[];
}

export function statusLines(status: Status, look: Look): StatusLines {
  const { apps, unseen } = status;
  const isOne = apps[0]?.events !== undefined;
  const table = isOne || look.width < NARROW ? undefined : tableOf(apps, look);
  return {
    cluster: clusterWords(status).flatMap(([fact, words]) => labelled(fact, words, 0, look)),
    header: table && apps.length > 0 ? [table.header] : [],
    apps: table?.rows ?? apps.map((app) => stacked(app, look)),
    end: [
      ...unseen.flatMap((sentence) => beside('! ', 2, sentence, look)),
      ...wrapped(isOne ? effort(status) : summary(status), 0, look).map((line) =>
        look.style('bold', line),
      ),
    ],
  };
}

/** Whether the deployment that began last holds not yet, or not at all. */
function isUnfinished({ rollout }: AppStatus): boolean {
  return rollout?.state === 'underWay' || rollout?.state === 'failed';
}

/** An event without what would not fit beside its time: of ARNs the name, and of long ids the start. */
function inShort(message: string, { width }: Look): string {
  const named = message
    .replace(/arn:[^\s)]+:targetgroup\/([^/\s)]+)\/\w+/g, '$1')
    .replace(/arn:[^\s)]+\/([^/\s)]+)/g, '$1');
  return width < NARROW ? named.replace(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1…') : named;
}

/** One app, a fact a line. */
function stacked(app: AppStatus, look: Look): string[] {
  const { service, state, tasks, targets, version, deployedAt, alarm, hosts, events } = app;
  const [mark, format] = MARKS[state];
  const words = note(app);
  const facts: [string, string | undefined][] = [
    ['Tasks', tasks && `${tasks.running} of ${tasks.desired} running`],
    ['Healthy', targets && `${targets.healthy} of ${targets.total} targets`],
    ['Version', version],
    [isUnfinished(app) ? 'Begun' : 'Deployed', deployedAt && ago(deployedAt)],
    ['Alarm', tasks && (alarm ?? '?')],
    ['Host', hosts.join(', ') || undefined],
    ...(events ?? []).map(({ at, message }, index): [string, string] => [
      index === 0 ? 'Events' : '',
      `${ago(at)}: ${inShort(message, look)}`,
    ]),
  ];
  return [
    `${look.style(format, mark)} ${look.style('bold', cut(service, look.width - 2))}`,
    ...(words ? wrapped(words, 2, look).map((text) => look.style(format, text)) : []),
    ...facts.flatMap(([fact, text]) => (text ? labelled(fact, text, 2, look) : [])),
  ];
}
