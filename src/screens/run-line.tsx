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

/** A line of the run: its state, name, what is to be said of it, and the time it takes. */
export function RunLine({ line, isCurrent, spinner, width, nameWidth }: Props) {
  const { state, indent, name, text, seconds } = line;
  const mark = state === 'running' ? spinner : line.mark;
  const took = seconds === undefined ? '' : duration(seconds);
  const isDim = state === 'waiting';
  return (
    <Box width={width}>
      <Box flexShrink={0}>
        <Text color="cyan">{isCurrent ? '❯' : ' '}</Text>
        <Text color={line.colour}>{`${mark} `}</Text>
      </Box>
      <Box width={nameWidth} flexShrink={0} marginRight={2}>
        <Text wrap="truncate-end" dimColor={isDim}>
          {indent ? `  ${name}` : name}
        </Text>
      </Box>
      <Box flexGrow={1}>
        <Text wrap="truncate-end" dimColor={isDim || state === 'done'}>
          {text}
        </Text>
      </Box>
      <Box flexShrink={0} marginLeft={1}>
        <Text dimColor>{took}</Text>
      </Box>
    </Box>
  );
}
