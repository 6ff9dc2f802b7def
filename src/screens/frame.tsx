import { Box, Text, useWindowSize } from 'ink';
import { createContext, type ReactNode, useContext } from 'react';
import type { Where } from '../commands/conversation.ts';
import { type Hint, hintLine } from './hints.ts';
import { windowOf } from './window.ts';

/** What a scene has for itself: columns, and lines between head and keys. */
export interface Space {
  columns: number;
  lines: number;
}

const SpaceContext = createContext<Space>({ columns: 80, lines: 18 });
export const useSpace = () => useContext(SpaceContext);

/** Head, remark, what is scrolled away, and keys. */
const AROUND = 4;

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
      {(columns > 50 || !endpoint) && <Text dimColor>{`  ${account}`}</Text>}
    </Text>
  );
}

interface BodyProps {
  /** Always seen, above. */
  head?: ReactNode[];
  /** One element a line; what does not fit is scrolled away, around the cursor. */
  rows: ReactNode[];
  /** Always seen, below. */
  foot?: ReactNode[];
  /** The row that must be seen. */
  cursor?: number;
  /** The row to begin with, where there is no cursor. */
  top?: number;
  keys: Hint[];
}

/** A scene's rows and, at the bottom, its keys. */
export function Body({ head = [], rows, foot = [], cursor = 0, top, keys }: BodyProps) {
  const { lines, columns } = useSpace();
  const height = Math.max(lines - head.length - foot.length, 1);
  const { from, to } = windowOf(rows.length, height, cursor, top);
  const hidden = [from > 0 && '↑ more', to < rows.length && '↓ more'].filter(Boolean).join('  ');
  const shown = [...head.slice(0, lines - 1), ...rows.slice(from, to), ...foot].slice(0, lines);
  return (
    <>
      {shown.map((row, index) => (
        <Box key={index} height={1} overflow="hidden">
          {row}
        </Box>
      ))}
      <Text dimColor>{hidden || ' '}</Text>
      <Text dimColor wrap="truncate-end">
        {hintLine(keys, columns - 2)}
      </Text>
    </>
  );
}
