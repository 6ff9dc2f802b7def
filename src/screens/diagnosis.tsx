import { Text } from 'ink';
import { useState } from 'react';
import { isMendable } from '../checks/diagnosis.ts';
import { headline } from '../commands/doctor/words.ts';
import { type DiagnosisLine, diagnosisLines } from './diagnosis-lines.ts';
import { Body, useSpace } from './frame.tsx';
import type { Hint } from './hints.ts';
import { moved, useKeys } from './keys.ts';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';

/** What was found, causes first; every row opens. */
export function DiagnosisView({ scene }: { scene: Extract<Scene, { kind: 'diagnosis' }> }) {
  const { diagnosis, subject, isWatching, answer } = scene;
  const { columns } = useSpace();
  const width = columns - 2;
  const [open, setOpen] = useState<Set<string>>(new Set());
  const [cursor, setCursor] = useState(0);
  const lines = diagnosisLines(diagnosis, open, width);
  // Blank lines are passed over.
  const stops = lines.flatMap(({ item }, index) => (item === undefined ? [] : [index]));
  const at = stops[Math.min(cursor, stops.length - 1)] ?? 0;
  const item = lines[at]?.item;
  const canFix = isMendable(diagnosis);
  const toggle = (opens: boolean) => {
    if (item === undefined) return;
    // The lines below the item's first may go: the cursor goes to that.
    if (!opens) setCursor(stops.findIndex((stop) => lines[stop]!.item === item));
    setOpen(new Set(opens ? [...open, item] : [...open].filter((other) => other !== item)));
  };
  useKeys((input, key) => {
    const next = moved(Math.min(cursor, stops.length - 1), stops.length, input, key);
    if (next !== undefined) setCursor(next);
    else if (key.return) toggle(!open.has(item ?? ''));
    else if (key.rightArrow || key.leftArrow) toggle(key.rightArrow);
    else if (input === 'f' && canFix) answer('fix');
    else if (input === 'w') answer('watch');
    else if (input === 's') answer('save');
    else if (input === 'q') answer('quit');
  });
  const of = [subject.cluster, ...subject.apps].join(', ');
  const time = diagnosis.at.toTimeString().slice(0, 8);
  const head = [
    ...prose(headline(diagnosis), width).map((line) => (
      <Text key={line} bold>
        {line}
      </Text>
    )),
    <Text key="when" dimColor wrap="truncate-end">
      {`${of}, ${isWatching ? 'watching: ' : ''}looked at ${time}`}
    </Text>,
  ];
  const keys: Hint[] = [
    ...(canFix ? [['f', 'fix'] as const] : []),
    ['⏎', 'details'],
    ['w', isWatching ? 'watch no more' : 'watch', 'watch'],
    ['s', 'save report', 'save'],
    // Ctrl-C leaves, too, and is always told of.
    ['q', 'quit'],
    ['↑↓', 'look'],
  ];
  const rows = lines.map((line, index) => (
    <LineOf key={line.key} line={line} isCurrent={index === at} width={width} />
  ));
  return <Body head={head} rows={rows} cursor={at} keys={keys} />;
}

interface LineProps {
  line: DiagnosisLine;
  isCurrent: boolean;
  width: number;
}

function LineOf({ line, isCurrent, width }: LineProps) {
  const { text, mark, colour, tag, isDim, isBold } = line;
  const pointer = <Text color="cyan">{isCurrent ? '❯' : ' '}</Text>;
  if (!mark) {
    return (
      <Text wrap="truncate-end">
        {pointer}
        <Text color={colour} bold={isBold} dimColor={isDim && !isCurrent}>
          {`   ${text}`}
        </Text>
      </Text>
    );
  }
  const room = width - 3 - (tag ? tag.length + 2 : 0);
  return (
    <Text wrap="truncate-end">
      {pointer}
      <Text color={colour}>{`${mark} `}</Text>
      <Text bold={isBold}>{tag ? text.padEnd(room) : text}</Text>
      {tag && <Text dimColor>{`  ${tag}`}</Text>}
    </Text>
  );
}
