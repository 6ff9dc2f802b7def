import { Box, Text, useWindowSize } from 'ink';
import { createContext, type ReactNode, useContext } from 'react';
import type { Where } from '../commands/conversation.ts';
import { windowOf } from './window.ts';

/** What a scene has for itself: columns, and lines between head and keys. */
export interface Space {
  columns: number;
  lines: number;
}

const SpaceContext = createContext<Space>({ columns: 80, lines: 18 });
export const useSpace = () => useContext(SpaceContext);

/** Head, keys, and the blank lines around the body. */
const AROUND = 5;

interface FrameProps {
  where?: Where;
  remark?: string;
  children: ReactNode;
}

/** The whole screen but one line, so that the terminal never scrolls by itself. */
export function Frame({ where, remark, children }: FrameProps) {
  const size = useWindowSize();
  // A pseudo-terminal may say that it has no size at all.
  const columns = Math.max(size.columns || 80, 20);
  const lines = Math.max((size.rows || 24) - 1 - AROUND, 3);
  return (
    <SpaceContext value={{ columns, lines }}>
      {/* No width of its own: the first frame after a resize is laid out before this is told. */}
      <Box flexDirection="column" paddingX={1}>
        <Head where={where} columns={columns} />
        <Text dimColor wrap="truncate-end">
          {remark ?? ' '}
        </Text>
        {children}
      </Box>
    </SpaceContext>
  );
}

function Head({ where, columns }: { where?: Where; columns: number }) {
  if (!where) return <Text bold>digital-apps</Text>;
  const { command, sandbox, endpoint, region, account } = where;
  return (
    <Text wrap="truncate-end">
      <Text bold>{columns > 60 ? `digital-apps ${command}` : command}</Text>
      {'  '}
      {sandbox && (
        <Text color="magenta" bold>
          SANDBOX{' '}
        </Text>
      )}
      {endpoint && !sandbox && <Text color="magenta">NOT AWS </Text>}
      <Text bold>{region}</Text>
      <Text dimColor>{`  ${account}`}</Text>
    </Text>
  );
}

interface BodyProps {
  /** One element a line; what does not fit is scrolled away, around the cursor. */
  rows: ReactNode[];
  /** The row that must be seen. */
  cursor?: number;
  /** By weight: the last go first where there is no room. */
  keys: Hint[];
}

/** A scene's rows and, at the bottom, its keys. */
export function Body({ rows, cursor = 0, keys }: BodyProps) {
  const { lines, columns } = useSpace();
  const { from, to } = windowOf(rows.length, lines, cursor);
  const hidden = [from > 0 && '↑ more', to < rows.length && '↓ more'].filter(Boolean).join('  ');
  return (
    <>
      {rows.slice(from, to).map((row, index) => (
        <Box key={from + index} height={1} overflow="hidden">
          {row}
        </Box>
      ))}
      <Text dimColor>{hidden || ' '}</Text>
      <Text dimColor wrap="truncate-end">
        {fitting([...keys], columns - 3)}
      </Text>
    </>
  );
}

/** A key and what it does here. */
export type Hint = readonly [key: string, does: string];

/** The keys that every scene has; they stay when others have no room. */
const ALWAYS: Hint[] = [
  ['?', 'help'],
  ['^C', 'leave'],
];

function fitting(hints: Hint[], width: number): string {
  const words = (all: Hint[]) => all.map((hint) => hint.join(' ')).join('   ');
  const always = hints.some(([key]) => key === '^C') ? ALWAYS.slice(0, 1) : ALWAYS;
  for (let count = hints.length; count > 0; count -= 1) {
    const text = words([...hints.slice(0, count), ...always]);
    if (text.length <= width) return text;
  }
  return words(always);
}
