import { Text } from 'ink';
import { useState } from 'react';
import { UserError } from '../errors.ts';
import { BACK } from '../questions/gather.ts';
import { ChoiceList } from './choice-list.tsx';
import { Body, useSpace } from './frame.tsx';
import { type KeyHandler, useKeys } from './keys.ts';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';
import { type Field, fieldOf, pasted, textOf, typed } from './text-field.ts';

export type AskScene = Extract<Scene, { kind: 'ask' }>;

/** Checks an answer and hands it on, or keeps what is wrong with it. */
export function useAnswer({ question, put, drafts, answer }: AskScene) {
  const [trouble, setTrouble] = useState(put.trouble);
  const [isChecking, setChecking] = useState(false);
  const submit = async (value: unknown) => {
    setChecking(true);
    setTrouble(undefined);
    try {
      const checked = await put.check(value);
      drafts.delete(question.key);
      answer(checked);
    } catch (error) {
      setTrouble(error instanceof UserError ? wordsOf(error) : (error as Error).message);
      setChecking(false);
    }
  };
  return { trouble, isChecking, submit };
}

function wordsOf({ message, fix }: UserError): string {
  return [message, fix].filter(Boolean).join(' ');
}

/** One question: from a list where there is one, else typed. */
export function Ask({ scene }: { scene: AskScene }) {
  const { question, put } = scene;
  const [isOther, setOther] = useState(false);
  const hasList = question.kind === 'yes-no' || put.choices.length > 0;
  if (hasList && !isOther) return <ChoiceList scene={scene} onOther={() => setOther(true)} />;
  return <TypedAnswer scene={scene} />;
}

function TypedAnswer({ scene }: { scene: AskScene }) {
  const { question, put, drafts, answer } = scene;
  const [field, setField] = useState(() => fieldOf(drafts.get(question.key) ?? String(put.preset)));
  const change = (next: Field) => {
    drafts.set(question.key, textOf(next));
    setField(next);
  };
  const { trouble, isChecking, submit } = useAnswer(scene);
  const onKey: KeyHandler = (input, key) => {
    if (isChecking) return;
    if (key.return) submit(textOf(field));
    else if ((key.tab && key.shift) || key.escape) answer(BACK);
    else change(typed(field, input, key));
  };
  useKeys(onKey, (text) => isChecking || change(pasted(field, text)));
  const head = useQuestionRows(scene);
  const rows = [
    ...head,
    <TypedLine key="field" field={field} />,
    ...useTroubleRows(trouble, isChecking),
  ];
  return (
    <Body
      rows={rows}
      cursor={head.length}
      keys={[
        ['⏎', question.kind === 'list' ? 'next, with commas between' : 'next'],
        ['esc', 'back'],
      ]}
    />
  );
}

function TypedLine({ field: { characters, cursor } }: { field: Field }) {
  return (
    <Text>
      <Text color="cyan">❯ </Text>
      {characters.slice(0, cursor).join('')}
      <Text color="cyan">▏</Text>
      {characters.slice(cursor).join('')}
    </Text>
  );
}

/** The page, what was answered on it, and the question with its why: a row a line. */
export function useQuestionRows({ question, put }: AskScene) {
  const { columns } = useSpace();
  const width = Math.min(columns - 3, 100);
  return [
    <Text key="page" bold color="cyan">
      {question.page}
    </Text>,
    ...put.before.map(({ question: { key, ask }, answer }) => (
      <Text key={key} dimColor wrap="truncate-end">{`✔ ${ask} ${show(answer)}`}</Text>
    )),
    <Text key="gap"> </Text>,
    ...prose(question.ask, width).map((line) => (
      <Text key={`ask ${line}`} bold>
        {line}
      </Text>
    )),
    ...prose(question.why, width).map((line) => (
      <Text key={`why ${line}`} dimColor>
        {line}
      </Text>
    )),
    <Text key="gap2"> </Text>,
  ];
}

export function useTroubleRows(trouble: string | undefined, isChecking: boolean) {
  const { columns } = useSpace();
  if (isChecking)
    return [
      <Text key="checking" dimColor>
        {' '}
        checking…
      </Text>,
    ];
  if (!trouble) return [];
  return prose(`✖ ${trouble}`, columns - 4).map((line) => (
    <Text key={line} color="red">
      {line}
    </Text>
  ));
}

/** An answer as a person would say it. */
export function show(answer: unknown): string {
  if (Array.isArray(answer)) return answer.join(', ') || 'none';
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  return String(answer ?? 'none');
}
