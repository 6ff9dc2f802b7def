import { Text } from 'ink';
import { Body } from './frame.tsx';

const KEYS = [
  ['↑ ↓  j k', 'move; page up, page down, home and end too'],
  ['⏎', 'take it, go on'],
  ['esc  ⇧⇥', 'back to the question before; nothing typed is lost'],
  ['→ ←', 'open and close a row of the plan or the run'],
  ['space', 'mark one of several'],
  ['a-z 0-9', 'in a list: show what has these letters'],
  ['^U', 'in a field: clear what is left of the cursor'],
  ['?', 'this page; any key leaves it'],
  ['^C', 'leave; during a run: stop after what is under way'],
] as const;

/** All keys. */
export function Help() {
  const rows = KEYS.map(([key, does]) => (
    <Text key={key} wrap="truncate-end">
      <Text color="cyan">{key.padEnd(10)}</Text>
      {does}
    </Text>
  ));
  return <Body rows={rows} keys={[['any key', 'goes back']]} />;
}
