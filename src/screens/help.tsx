import { Text } from 'ink';
import { Body, useSpace } from './frame.tsx';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';

type Keys = readonly (readonly [key: string, does: string])[];

/** In words so few that all fit on a small terminal. */
const KEYS: Keys = [
  ['↑ ↓  j k', 'move, by pages too'],
  ['⏎', 'take it, go on'],
  ['esc  ⇧⇥', 'back; nothing typed is lost'],
  ['→ ←', 'open and close a row'],
  ['space', 'mark one of several'],
  ['a-z 0-9', 'in a list: narrow it down'],
  ['a  e', 'in the plan: apply, edit'],
  ['^U', 'clear a field'],
  ['?', 'this page'],
  ['^C', 'leave, or stop a run'],
];

/** Of what the doctor found; its line of hints may have no room for them. */
const OF_FINDINGS: Keys = [
  ['↑ ↓  j k', 'move, by pages too'],
  ['⏎  → ←', 'open and close a row'],
  ['f', 'fix what can be fixed'],
  ['w', 'watch, or watch no more'],
  ['s', 'save a report'],
  ['q', 'quit'],
  ['?', 'this page'],
  ['^C', 'leave'],
];

const OWN: Partial<Record<Scene['kind'], Keys>> = {
  looking: [...OF_FINDINGS, ['', 'f w s q: once all is looked at']],
  diagnosis: OF_FINDINGS,
  status: [
    ['↑ ↓  j k', 'move, by pages too'],
    ['q', 'quit'],
    ['?', 'this page'],
    ['^C', 'leave'],
  ],
};

/** All keys that a scene has. */
export function Help({ scene }: { scene: Scene['kind'] }) {
  const { columns } = useSpace();
  const rows = (OWN[scene] ?? KEYS).flatMap(([key, does]) =>
    prose(does, columns - 13).map((line, index) => (
      <Text key={line}>
        <Text color="cyan">{(index === 0 ? key : '').padEnd(10)}</Text>
        {line}
      </Text>
    )),
  );
  return <Body rows={rows} keys={[['?', 'or any other key goes back', 'or any key: back']]} />;
}
