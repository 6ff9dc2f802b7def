import { Text } from 'ink';
import type { ReactNode } from 'react';
import type { AskScene } from './ask.tsx';
import { useSpace } from './frame.tsx';
import { prose } from './prose.ts';

/**
 * The page, what was answered on it, and the question with its why: a row a line. Where the
 * lines would not leave `room` below them, those go first that one can do without.
 */
export function useQuestionHead({ question, put }: AskScene, room: number): ReactNode[] {
  const { columns, lines } = useSpace();
  const width = Math.min(columns - 3, 100);
  const gap = (name: string) => <Text key={name}> </Text>;
  const page = (
    <Text key="page">
      <Text bold color="cyan">
        {question.page}
      </Text>
      <Text dimColor>{`  ${put.page.number} of ${put.page.of}`}</Text>
    </Text>
  );
  const before = put.before.map(({ question: { key, ask, kind }, answer }) => (
    <Text key={key} dimColor wrap="truncate-end">{`✔ ${show(answer, kind)}  ${ask}`}</Text>
  ));
  const ask = prose(question.ask, width).map((line) => (
    <Text key={`ask ${line}`} bold>
      {line}
    </Text>
  ));
  const why = prose(question.why, width).map((line) => (
    <Text key={`why ${line}`} dimColor>
      {line}
    </Text>
  ));
  const heads = [
    [page, ...before, gap('1'), ...ask, ...why, gap('2')],
    [page, gap('1'), ...ask, ...why, gap('2')],
    [...ask, ...why, gap('2')],
    [...ask, ...why],
  ];
  return heads.find((head) => head.length + room <= lines) ?? ask;
}

/** What is wrong with an answer, or that it is being looked at. */
export function useTroubleRows(trouble: string | undefined, isChecking: boolean): ReactNode[] {
  const { columns } = useSpace();
  if (isChecking)
    return [
      <Text key="checking" dimColor>
        {'  checking…'}
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
export function show(answer: unknown, kind?: string): string {
  if (kind === 'secret') return answer === 'none' ? 'none' : 'given';
  if (Array.isArray(answer)) return answer.join(', ') || 'none';
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  return String(answer ?? 'none');
}
