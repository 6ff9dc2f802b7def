import type { AppStatus } from '../status/status.ts';
import { cut, type Look, wrapped } from './look.ts';
import { age, MARKS, note } from './status-words.ts';

/** Of a long name so much is shown. */
const LONGEST = 24;

/** A host that is cut shorter says nothing. */
const LEAST_HOST = 16;

const COLUMNS = ['App', 'Tasks', 'Healthy', 'Version', 'Deployed', 'Alarm'] as const;

/** The apps in columns, a line or a few each; undefined where that is too wide even without the hosts. */
export function tableOf(
  apps: AppStatus[],
  look: Look,
): { header: string; rows: string[][] } | undefined {
  const all = apps.map(cells);
  const widths = COLUMNS.map((name, column) =>
    Math.max(name.length, ...all.map((row) => row[column]!.length)),
  );
  const line = (row: string[], style = (text: string, _column: number) => text) =>
    row
      .map((text, column) => style(text, column) + ' '.repeat(widths[column]! - text.length))
      .join('  ');
  // Behind the mark and all other columns.
  const left = look.width - 2 - widths.reduce((sum, width) => sum + width + 2, 0);
  if (left < -2) return undefined;
  const isBeside = left >= LEAST_HOST;
  const rows = apps.map((app, index) => {
    const [mark, format] = MARKS[app.state];
    const row = line(all[index]!, (text, column) =>
      isBad(app, column) ? look.style('red', text) : text,
    );
    const start = `${look.style(format, mark)} ${row}`;
    const words = note(app);
    const says = words ? wrapped(words, 4, look).map((text) => look.style(format, text)) : [];
    if (isBeside) return [`${start}  ${hostWords(app, left)}`.trimEnd(), ...says];
    const host = look.style('dim', `    ${hostWords(app, look.width - 4)}`);
    return [start.trimEnd(), ...(app.hosts.length > 0 ? [host] : []), ...says];
  });
  return {
    header: look.style('dim', `  ${line([...COLUMNS])}${isBeside ? '  Host' : ''}`.trimEnd()),
    rows,
  };
}

/** Whether that column tells by itself that the app does not answer. */
function isBad({ tasks, alarm }: AppStatus, column: number): boolean {
  const name = COLUMNS[column];
  if (name === 'Tasks') return tasks?.running === 0 && tasks.desired > 0;
  return name === 'Alarm' && alarm === 'ALARM';
}

function cells({ service, tasks, targets, version, deployedAt, alarm }: AppStatus): string[] {
  return [
    cut(service, LONGEST),
    tasks ? `${tasks.running}/${tasks.desired}` : '–',
    targets ? `${targets.healthy}/${targets.total}` : '–',
    cut(version ?? '–', LONGEST),
    age(deployedAt),
    tasks ? (alarm ?? '?') : '–',
  ];
}

/** As much as fits of the first, and how many more there are. */
function hostWords({ hosts }: AppStatus, width: number): string {
  const [host, ...others] = hosts;
  if (!host) return '';
  const more = others.length > 0 ? ` +${others.length}` : '';
  return cut(host, width - more.length) + more;
}
