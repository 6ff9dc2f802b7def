import type { Board } from '../commands/status.ts';
import type { AppStatus, Status } from '../status/status.ts';
import { plainConversation } from './conversation.ts';
import type { Look } from './look.ts';
import { statusDocument } from './status-document.ts';
import { statusLines } from './status-lines.ts';
import { Page } from './style.ts';

export interface PlainBoardOptions {
  /** Whether there is a person to ask. */
  asks: boolean;
  /** One JSON document on stdout, everything else on stderr. */
  json: boolean;
}

/** How a cluster stands, in plain lines; of later looks what has changed. */
export function plainBoard({ asks, json }: PlainBoardOptions): Board {
  const page = new Page(json ? process.stderr : process.stdout);
  return {
    conversation: plainConversation({ asks, json }),
    show(where, status, before) {
      if (json) {
        process.stdout.write(`${JSON.stringify(statusDocument(where, status), undefined, 2)}\n`);
      } else if (before) showChanges(page, before, status);
      else showStatus(page, status);
    },
  };
}

export function showStatus(page: Page, status: Status): void {
  const { cluster, header, apps, end } = statusLines(status, lookOf(page));
  for (const line of cluster) page.line(line);
  page.line();
  for (const line of [...header, ...apps.flat()]) page.line(line);
  if (apps.length > 0) page.line();
  for (const line of end) page.line(line);
}

/** The apps that are other than at the look before, below the time; and so the cluster. */
export function showChanges(page: Page, before: Status, now: Status): void {
  const { cluster, apps } = statusLines(now, lookOf(page));
  const known = new Map(before.apps.map((app) => [app.service, shapeOf(app)]));
  const lines = [
    ...(clusterShape(before) === clusterShape(now) ? [] : cluster),
    ...now.apps.flatMap((app, index) =>
      known.get(app.service) === shapeOf(app) ? [] : apps[index]!,
    ),
    ...before.apps
      .filter(({ service }) => !now.apps.some((app) => app.service === service))
      .map(({ service }) => `– ${service} is gone`),
    ...now.unseen.filter((sentence) => !before.unseen.includes(sentence)),
  ];
  if (lines.length === 0) return;
  page.line();
  page.line(page.style('dim', now.at.toTimeString().slice(0, 8)));
  for (const line of lines) page.line(line);
}

function lookOf(page: Page): Look {
  return { width: page.width, style: (format, text) => page.style(format, text) };
}

/** What changes with every task that starts anywhere is left out. */
function shapeOf({ room, ...app }: AppStatus): string {
  return JSON.stringify(app);
}

function clusterShape({ cluster: { state, instances } }: Status): string {
  return JSON.stringify([state, instances]);
}
