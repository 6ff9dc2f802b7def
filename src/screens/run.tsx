import { Text } from 'ink';
import { useEffect, useState } from 'react';
import { duration } from '../plain/style.ts';
import { Body, type Hint, useSpace } from './frame.tsx';
import { moved, useKeys } from './keys.ts';
import { progressLine } from './progress-line.ts';
import { prose } from './prose.ts';
import { type Line, linesOf } from './run-lines.ts';
import { isDone } from './run-state.ts';
import type { Scene } from './stage.ts';

type RunScene = Extract<Scene, { kind: 'run' }>;

/** Slow enough to cost nothing, fast enough to show that it is alive. */
const TICK = 500;
const SPINNER = ['◐', '◓', '◑', '◒'];

/** All sections, live. */
export function Run({ scene, isReal }: { scene: RunScene; isReal: boolean }) {
  const { run, calls, stopping } = scene;
  const { columns } = useSpace();
  const isRunning = run.rows.some((row) => !isDone(row));
  const tick = useTicks(isRunning);
  const now = performance.now();
  const lines = linesOf(run, now);
  const [cursor, setCursor] = useState<number>();
  const [open, setOpen] = useState<string>();
  const at =
    cursor ??
    Math.max(
      lines.findIndex(({ state }) => state === 'running'),
      0,
    );
  useKeys((input, key) => {
    const next = moved(at, lines.length, input, key);
    if (next !== undefined) setCursor(next);
    else if (key.return || key.rightArrow)
      setOpen(open === lines[at]?.name ? undefined : lines[at]?.name);
    else if (key.leftArrow) setOpen(undefined);
  });
  const rows = lines.flatMap((line, index) => [
    <LineRow
      key={line.name}
      line={line}
      isCurrent={cursor === index}
      spinner={SPINNER[tick % SPINNER.length]!}
      width={columns - 3}
    />,
    ...(open === line.name ? detailRows(line, columns - 10) : []),
  ]);
  const keys: Hint[] = stopping
    ? [['^C', 'leaves at once; now stopping after what is under way']]
    : [
        ['^C', 'stop after what is under way'],
        ['⏎', 'details'],
        ['↑↓', 'look'],
      ];
  const summary = [
    <Text key="gap"> </Text>,
    <Text key="progress" wrap="truncate-end">
      {progressLine({ run, calls: calls(), now, width: columns - 3, isReal })}
    </Text>,
  ];
  return (
    <PinnedBody
      rows={rows}
      pinned={summary}
      cursor={rows.findIndex((row) => row.key === lines[at]?.name)}
      keys={keys}
    />
  );
}

/** Rows that scroll, above rows that stay. */
function PinnedBody({
  rows,
  pinned,
  cursor,
  keys,
}: {
  rows: React.JSX.Element[];
  pinned: React.JSX.Element[];
  cursor: number;
  keys: Hint[];
}) {
  const { lines } = useSpace();
  const height = Math.max(lines - pinned.length, 1);
  const from = Math.min(
    Math.max(cursor - Math.floor(height / 2), 0),
    Math.max(rows.length - height, 0),
  );
  return <Body rows={[...rows.slice(from, from + height), ...pinned]} keys={keys} />;
}

function LineRow({
  line,
  isCurrent,
  spinner,
  width,
}: {
  line: Line;
  isCurrent: boolean;
  spinner: string;
  width: number;
}) {
  const mark = line.state === 'running' ? spinner : line.mark;
  const took = line.seconds === undefined ? '' : duration(line.seconds);
  const space = Math.max(width - 4 - took.length - 1, 10);
  const name = line.indent ? `  ${line.name}` : line.name;
  const text = `${name.padEnd(Math.min(33, Math.floor((width - 10) / 2)))} ${line.text}`;
  return (
    <Text wrap="truncate-end">
      <Text color="cyan">{isCurrent ? '❯' : ' '}</Text>
      <Text color={line.colour}>{`${mark} `}</Text>
      <Text dimColor={line.state === 'waiting'}>{text.slice(0, space).padEnd(space)}</Text>
      <Text dimColor>{` ${took}`}</Text>
    </Text>
  );
}

function detailRows({ name, details }: Line, width: number) {
  return details
    .flatMap((text) => prose(text, width))
    .map((line) => <Text key={`${name} ${line}`} dimColor>{`      ${line}`}</Text>);
}

function useTicks(isActive: boolean): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => setTick((now) => now + 1), TICK);
    return () => clearInterval(timer);
  }, [isActive]);
  return tick;
}
