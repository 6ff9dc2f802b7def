import { Text } from 'ink';
import { useState } from 'react';
import { Body, useSpace } from './frame.tsx';
import { moved, useKeys } from './keys.ts';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';

/** What failed, why, and what to do; what stands is kept. */
export function End({ scene: { report, answer } }: { scene: Extract<Scene, { kind: 'end' }> }) {
  const { columns, lines } = useSpace();
  const [top, setTop] = useState(0);
  const failed = report.results.filter(({ outcome }) => outcome === 'failed');
  const skipped = report.results.filter(({ outcome }) => outcome === 'skipped');
  const stands = report.results.length - failed.length - skipped.length;
  const width = columns - 4;
  const rows = [
    ...failed.flatMap(({ resource, error }) => [
      <Text key={resource.name} color="red" bold>{`✖ ${resource.name} failed`}</Text>,
      ...prose(error?.answer ?? '', width - 2).map((line) => (
        <Text key={`${resource.name} ${line}`}>{`  ${line}`}</Text>
      )),
      ...prose(error?.fix ?? '', width - 2).map((line) => (
        <Text key={`${resource.name} fix ${line}`} color="yellow">{`  ${line}`}</Text>
      )),
    ]),
    <Text key="gap"> </Text>,
    ...skipped.map(({ resource, error, postponed }) => (
      <Text
        key={resource.name}
        dimColor
        wrap="truncate-end"
      >{`– ${resource.name} skipped: ${error?.answer ?? postponed}`}</Text>
    )),
    ...(skipped.length > 0 ? [<Text key="gap2"> </Text>] : []),
    ...prose(
      `${stands} of ${report.results.length} stand and stay. Nothing needs undoing; the same command carries on from here.`,
      width,
    ).map((line) => <Text key={line}>{line}</Text>),
    <Text key="log" dimColor>
      The log:
    </Text>,
    ...prose(report.log, width - 2).map((line) => <Text key={line} dimColor>{`  ${line}`}</Text>),
  ];
  useKeys((input, key) => {
    const next = moved(top, rows.length, input, key);
    if (next !== undefined) setTop(Math.min(next, Math.max(rows.length - lines, 0)));
    else if (input === 'r') answer(true);
    else if (key.return || key.escape || input === 'q') answer(false);
  });
  return (
    <Body
      rows={rows}
      top={top}
      keys={[
        ['r', 'try the rest again', 'try again'],
        ['⏎', 'leave'],
        ['↑↓', 'look'],
      ]}
    />
  );
}
