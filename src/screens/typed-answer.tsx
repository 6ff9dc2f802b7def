import { Text } from 'ink';
import { useState } from 'react';
import { BACK } from '../questions/gather.ts';
import { type AskScene, useAnswer } from './ask.tsx';
import { FieldLine } from './field-line.tsx';
import { Body } from './frame.tsx';
import { type KeyHandler, useKeys } from './keys.ts';
import { useQuestionHead, useTroubleRows } from './question-rows.tsx';
import { type Field, fieldOf, pasted, textOf, typed } from './text-field.ts';

interface Props {
  scene: AskScene;
  /** Where one came from, if not from the question before. */
  onLeave?(): void;
}

/** A question answered by typing. */
export function TypedAnswer({ scene, onLeave }: Props) {
  const { question, put, drafts, answer } = scene;
  const isSecret = question.kind === 'secret';
  const [field, setField] = useState(() =>
    fieldOf(isSecret ? '' : (drafts.get(question.key) ?? show(put.preset))),
  );
  const change = (next: Field) => {
    if (!isSecret) drafts.set(question.key, textOf(next));
    setField(next);
  };
  const { trouble, isChecking, submit } = useAnswer(scene);
  const onKey: KeyHandler = (input, key) => {
    if (isChecking) return;
    if (key.return) submit(textOf(field));
    else if ((key.tab && key.shift) || key.escape) onLeave ? onLeave() : answer(BACK);
    else change(typed(field, input, key));
  };
  useKeys(onKey, (text) => isChecking || change(pasted(field, text)));
  const foot = useTroubleRows(trouble, isChecking);
  const hint = HINTS[question.kind];
  if (foot.length === 0 && hint) {
    foot.push(
      <Text key="hint" dimColor wrap="truncate-end">
        {`  ${hint}`}
      </Text>,
    );
  }
  return (
    <Body
      head={useQuestionHead(scene, 1 + foot.length)}
      rows={[<FieldLine key="field" field={field} isSecret={isSecret} />]}
      foot={foot}
      keys={[
        ['⏎', 'next'],
        ['esc', onLeave ? 'back to the list' : 'back', 'back'],
      ]}
    />
  );
}

const HINTS: Record<string, string> = {
  list: 'several: with commas between',
  secret: 'not shown, not kept; empty to go on without',
};

/** As it would be typed. */
function show(preset: unknown): string {
  return Array.isArray(preset) ? preset.join(', ') : String(preset ?? '');
}
