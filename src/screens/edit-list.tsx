import { Text } from 'ink';
import { useState } from 'react';
import { allQuestions } from '../questions/cluster.ts';
import type { Key } from '../questions/question.ts';
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
export function EditList({ scene: { plan, given, answer }, onLeave }: Props) {
  const { answers } = plan.env;
  const questions = allQuestions.filter(
    ({ key, when }) => !given.includes(key) && (when?.(answers) ?? true),
  );
  const [cursor, setCursor] = useState(0);
  useKeys((input, key) => {
    const next = moved(cursor, questions.length, input, key);
    if (next !== undefined) setCursor(next);
    else if (key.return) answer({ edit: questions[cursor]!.key });
    else if (key.escape || (key.tab && key.shift)) onLeave();
  });
  const { columns } = useSpace();
  const rows = questions.map(({ key, ask }, index) => {
    const value = show(answers[key as Key]);
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
