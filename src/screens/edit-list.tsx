import { Text } from 'ink';
import { useState } from 'react';
import { Body, useSpace } from './frame.tsx';
import { moved, useKeys } from './keys.ts';
import { show } from './question-rows.tsx';
import type { Scene } from './stage.ts';

/** Columns that leave no room for the question beside its answer. */
const NARROW = 60;

interface Props {
  scene: Extract<Scene, { kind: 'review' }>;
  onLeave(): void;
}

/** All answers, to choose the one to give again. */
export function EditList({ scene: { proposal, answer }, onLeave }: Props) {
  const { answered } = proposal;
  const [cursor, setCursor] = useState(0);
  useKeys((input, key) => {
    const next = moved(cursor, answered.length, input, key);
    if (next !== undefined) setCursor(next);
    else if (key.return) answer({ edit: answered[cursor]!.question.key });
    else if (key.escape || (key.tab && key.shift)) onLeave();
  });
  const { columns } = useSpace();
  const rows = answered.map(({ question: { key, ask, kind }, answer: given }, index) => {
    const value = show(given, kind);
    return (
      <Text key={key} wrap="truncate-end" color={index === cursor ? 'cyan' : undefined}>
        {`${index === cursor ? '❯' : ' '} ${key.padEnd(20)}`}
        {columns < NARROW ? value : value.padEnd(24)}
        {columns >= NARROW && <Text dimColor>{`  ${ask}`}</Text>}
      </Text>
    );
  });
  const title = (
    <Text key="title" bold color="cyan">
      Which answer?
    </Text>
  );
  return (
    <Body
      head={[title]}
      rows={rows}
      cursor={cursor}
      keys={[
        ['↑↓', 'choose'],
        ['⏎', 'answer it again', 'answer'],
        ['esc', 'back to the plan', 'back'],
      ]}
    />
  );
}
