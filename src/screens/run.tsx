import { Text } from 'ink';
import { useEffect, useState } from 'react';
import { Body, useSpace } from './frame.tsx';
import type { Hint } from './hints.ts';
import { moved, useKeys } from './keys.ts';
import { progressLine } from './progress-line.ts';
import { prose } from './prose.ts';
import { RunLine } from './run-line.tsx';
import { type Line, linesOf, nameWidthOf } from './run-lines.ts';
import type { Scene } from './stage.ts';

type RunScene = Extract<Scene, { kind: 'run' }>;

/** Slow enough to cost nothing, fast enough to show that it is alive. */
const TICK = 500;
export const SPINNER = ['◐', '◓', '◑', '◒'];

/** All sections, live. */
export function Run({ scene, isReal }: { scene: RunScene; isReal: boolean }) {
  const { calls, stopping } = scene;
  const { columns } = useSpace();
  const tick = useTicks();
  const run = scene.run();
  const now = performance.now();
  const lines = linesOf(run, now);
  const [cursor, setCursor] = useState<number>();
  const [open, setOpen] = useState<string>();
  const current =
    cursor ??
    Math.max(
      lines.findIndex(({ state }) => state === 'running'),
      0,
    );
  useKeys((input, key) => {
    const next = moved(current, lines.length, input, key);
    if (next !== undefined) setCursor(next);
    else if (key.return || key.rightArrow)
      setOpen(open === lines[current]?.name ? undefined : lines[current]?.name);
    else if (key.leftArrow) setOpen(undefined);
  });
  const width = columns - 2;
  const nameWidth = nameWidthOf(lines, width);
  const rows = lines.flatMap((line, index) => [
    <RunLine
      key={line.name}
      line={line}
      isCurrent={cursor === index}
      spinner={SPINNER[tick % SPINNER.length]!}
      width={width}
      nameWidth={nameWidth}
    />,
    ...(open === line.name ? detailRows(line, width - 8) : []),
  ]);
  const keys: Hint[] = stopping
    ? [['^C', 'leave at once']]
    : [
        ['^C', 'stop after what is under way', 'stop'],
        ['⏎', 'details'],
        ['↑↓', 'look'],
      ];
  const foot = [
    <Text key="stopping" color="yellow" wrap="truncate-end">
      {stopping ? STOPPING : ' '}
    </Text>,
    <Text key="progress" wrap="truncate-end">
      {progressLine({ run, calls: calls(), now, width, isReal })}
    </Text>,
  ];
  const at = rows.findIndex((row) => row.key === lines[current]?.name);
  return <Body rows={rows} foot={foot} cursor={at} keys={keys} />;
}

const STOPPING = 'Stopping after what is under way…';

function detailRows({ name, details }: Line, width: number) {
  return details
    .flatMap((text) => prose(text, width))
    .map((line) => <Text key={`${name} ${line}`} dimColor>{`      ${line}`}</Text>);
}

export function useTicks(): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((before) => before + 1), TICK);
    return () => clearInterval(timer);
  }, []);
  return tick;
}
