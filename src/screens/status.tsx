import { styleText } from 'node:util';
import { Text } from 'ink';
import { useState } from 'react';
import { statusLines } from '../plain/status-lines.ts';
import { Body, useSpace } from './frame.tsx';
import { moved, useKeys } from './keys.ts';
import type { Scene } from './stage.ts';

/** How a cluster and its apps stand, for as long as somebody watches. */
export function StatusView({ scene }: { scene: Extract<Scene, { kind: 'status' }> }) {
  const { status, answer } = scene;
  const { columns, lines } = useSpace();
  const [wanted, setTop] = useState(0);
  const time = status.at.toTimeString().slice(0, 8);
  const parts = statusLines(status, { width: columns - 2, style: styleText });
  const above = [...parts.cluster, '', ...parts.header];
  const below = ['', ...parts.end, styleText('dim', `watching: looked at ${time}`)];
  // Where there is little room, all of it moves.
  const isTight = above.length + below.length > (lines * 2) / 3;
  const [head, foot] = isTight ? [[], []] : [above, below];
  const rows = isTight ? [...above, ...parts.apps.flat(), ...below] : parts.apps.flat();
  const last = Math.max(rows.length - Math.max(lines - head.length - foot.length, 1), 0);
  const top = Math.min(wanted, last);
  useKeys((input, key) => {
    const next = moved(top, last + 1, input, key);
    if (next !== undefined) setTop(next);
    else if (input === 'q') answer();
  });
  return (
    <Body
      head={texts(head)}
      rows={texts(rows)}
      foot={texts(foot)}
      top={top}
      keys={[
        ['q', 'quit'],
        ['↑↓', 'look'],
      ]}
    />
  );
}

function texts(all: string[]) {
  return all.map((line, index) => (
    <Text key={index} wrap="truncate-end">
      {line || ' '}
    </Text>
  ));
}
