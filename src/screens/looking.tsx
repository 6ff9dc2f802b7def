import { Text } from 'ink';
import { titleOf } from '../commands/doctor/words.ts';
import { boardLines } from './board-lines.ts';
import { Body } from './frame.tsx';
import { useKeys } from './keys.ts';
import { SPINNER, useTicks } from './run.tsx';
import type { Scene } from './stage.ts';

/** All groups of checks, live. */
export function Looking({ scene }: { scene: Extract<Scene, { kind: 'looking' }> }) {
  const { subject, examinations, findings } = scene;
  const tick = useTicks();
  useKeys(() => {});
  const lines = boardLines(examinations, findings);
  const nameWidth = Math.min(Math.max(...lines.map(({ group }) => group.length), 0), 20);
  const rows = lines.flatMap(({ group, mark, colour, text, isDone, wrong }) => [
    <Text key={group} wrap="truncate-end">
      <Text color={colour ?? (isDone ? undefined : 'cyan')}>
        {` ${isDone || colour ? mark : SPINNER[tick % SPINNER.length]} `}
      </Text>
      {group.padEnd(nameWidth)}
      <Text dimColor>{`  ${text}`}</Text>
    </Text>,
    ...wrong.map((finding) => (
      <Text key={`${finding.check.id} ${finding.app}`} dimColor wrap="truncate-end">
        {`     ${titleOf(finding)}`}
      </Text>
    )),
  ]);
  const of = [subject.cluster, ...subject.apps].join(', ');
  const head = [
    <Text key="title" bold wrap="truncate-end">
      {`Looking at ${of}: ${findings.length} of ${examinations.length}`}
    </Text>,
    <Text key="gap"> </Text>,
  ];
  return <Body head={head} rows={rows} keys={[]} />;
}
