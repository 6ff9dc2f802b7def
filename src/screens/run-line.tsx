import { Box, Text } from 'ink';
import { duration } from '../plain/style.ts';
import type { Line } from './run-lines.ts';

interface Props {
  line: Line;
  isCurrent: boolean;
  spinner: string;
  width: number;
  /** Of the column of names. */
  nameWidth: number;
}

/**
 * A line of the run: its state, name, what is to be said of it, and the time it takes. Laid out
 * here rather than in boxes, which would cost several times as much with every tick.
 */
export function RunLine({ line, isCurrent, spinner, width, nameWidth }: Props) {
  const { state, indent, name, text, seconds } = line;
  const mark = state === 'running' ? spinner : line.mark;
  const took = seconds === undefined ? '' : ` ${duration(seconds)}`;
  const left = fitted(indent ? `  ${name}` : name, nameWidth);
  const right = fitted(text, width - nameWidth - took.length - 5);
  return (
    <>
      <Box flexShrink={0} width={3}>
        <Text color={line.colour}>
          <Text color="cyan">{isCurrent ? '❯' : ' '}</Text>
          {mark}
        </Text>
      </Box>
      <Text dimColor={state === 'waiting'}>
        {left}
        <Text dimColor={state === 'done'}>{`  ${right}${took}`}</Text>
      </Text>
    </>
  );
}

/** Exactly so many characters. */
function fitted(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(width - 1, 0))}…` : text.padEnd(width);
}
