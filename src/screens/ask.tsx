import { useState } from 'react';
import { UserError } from '../errors.ts';
import { ChoiceList } from './choice-list.tsx';
import type { Scene } from './stage.ts';
import { TypedAnswer } from './typed-answer.tsx';

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
  if (!hasList) return <TypedAnswer scene={scene} />;
  if (isOther) return <TypedAnswer scene={scene} onLeave={() => setOther(false)} />;
  return <ChoiceList scene={scene} onOther={() => setOther(true)} />;
}
