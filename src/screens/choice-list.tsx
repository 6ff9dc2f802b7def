import { Text } from 'ink';
import { useState } from 'react';
import { BACK } from '../questions/gather.ts';
import type { Choice } from '../questions/question.ts';
import { type AskScene, useAnswer } from './ask.tsx';
import { Body } from './frame.tsx';
import type { Hint } from './hints.ts';
import { type KeyHandler, moved, useKeys } from './keys.ts';
import { useQuestionHead, useTroubleRows } from './question-rows.tsx';

/** So many choices are shown at the least, where there are as many. */
const FEW = 6;

const OTHER = Symbol('something else');
const YES_NO: Choice<unknown>[] = [
  { value: true, label: 'Yes' },
  { value: false, label: 'No' },
];

interface Props {
  scene: AskScene;
  /** Something off the list is to be typed. */
  onOther(): void;
}

/** A question answered from a list; typing narrows it down. */
export function ChoiceList({ scene, onOther }: Props) {
  const { question, put, answer } = scene;
  const all = choicesOf(scene);
  const isMany = question.kind === 'list';
  const isYesNo = question.kind === 'yes-no';
  const [filter, setFilter] = useState('');
  const [picked, setPicked] = useState<unknown[]>(isMany ? (put.preset as unknown[]) : []);
  const [cursor, setCursor] = useState(() =>
    Math.max(
      all.findIndex((c) => c.value === put.preset),
      0,
    ),
  );
  const { trouble, isChecking, submit } = useAnswer(scene);
  const shown = all.filter(({ label }) => label.toLowerCase().includes(filter.toLowerCase()));
  const current = shown[Math.min(cursor, shown.length - 1)];

  const narrow = (to: string) => {
    setFilter(to);
    setCursor(0);
  };
  const onKey: KeyHandler = (input, key) => {
    if (isChecking) return;
    // With a filter under way, j and k are letters of it.
    const next = moved(cursor, shown.length, filter ? '' : input, key);
    if (next !== undefined) setCursor(next);
    else if ((key.tab && key.shift) || key.escape) answer(BACK);
    else if (key.return && isMany) submit(picked);
    else if (key.return && current) current.value === OTHER ? onOther() : submit(current.value);
    else if (isYesNo) setCursor('yn'.includes(input) && input ? 'yn'.indexOf(input) : cursor);
    else if (input === ' ' && isMany && current) setPicked(toggled(picked, current.value));
    else if (key.backspace || key.delete) narrow(filter.slice(0, -1));
    else if (input && !key.ctrl && !key.meta && !key.tab) narrow(filter + input);
  };
  useKeys(onKey, (text) => isYesNo || narrow(filter + text.trim()));

  const rows = shown.map((choice) => (
    <ChoiceRow
      key={String(choice.value)}
      choice={choice}
      isCurrent={choice === current}
      mark={isMany ? (picked.includes(choice.value) ? '[x] ' : '[ ] ') : ''}
    />
  ));
  const foot = useTroubleRows(trouble, isChecking);
  if (filter) {
    const words = `  with “${filter}”: ${shown.length} of ${all.length}`;
    foot.unshift(
      <Text key="filter" dimColor>
        {words}
      </Text>,
    );
  }
  const keys: Hint[] = [
    ...(isMany ? [['space', 'mark'] as const] : []),
    ['⏎', 'next'],
    ['↑↓', 'choose'],
    ['esc', 'back'],
    isYesNo ? ['y n', 'choose'] : ['type', 'to filter'],
  ];
  const room = Math.min(all.length, FEW) + foot.length;
  return (
    <Body
      head={useQuestionHead(scene, room)}
      rows={rows}
      foot={foot}
      cursor={shown.indexOf(current!)}
      keys={keys}
    />
  );
}

function choicesOf({ question, put }: AskScene): Choice<unknown>[] {
  if (question.kind === 'yes-no') return YES_NO;
  return question.open ? [...put.choices, { value: OTHER, label: 'Something else…' }] : put.choices;
}

function toggled(picked: unknown[], value: unknown): unknown[] {
  return picked.includes(value) ? picked.filter((other) => other !== value) : [...picked, value];
}

function ChoiceRow({
  choice,
  isCurrent,
  mark,
}: {
  choice: Choice<unknown>;
  isCurrent: boolean;
  mark: string;
}) {
  return (
    <Text color={isCurrent ? 'cyan' : undefined} wrap="truncate-end">
      {`${isCurrent ? '❯' : ' '} ${mark}${choice.label}`}
    </Text>
  );
}
