import { Box, Text } from 'ink';
import type { PlanLine } from './plan-lines.ts';
import { markOf } from './step-words.ts';

interface Props {
  line: PlanLine;
  isCurrent: boolean;
  width: number;
}

/** A line of the review. */
export function PlanRow({ line, isCurrent, width }: Props) {
  const { step, text, isDetail } = line;
  if (!step) return <Text dimColor>{text}</Text>;
  const pointer = <Text color="cyan">{isCurrent ? '❯ ' : '  '}</Text>;
  if (isDetail) {
    return (
      <>
        <Box flexShrink={0}>{pointer}</Box>
        <Text color={line.colour} dimColor={!isCurrent && !line.colour} wrap="truncate-end">
          {`    ${text}`}
        </Text>
      </>
    );
  }
  const { mark, colour } = markOf(step);
  const { cost } = step.resource;
  const isNew = step.action === 'create';
  return (
    <Box width={width}>
      <Box flexShrink={0}>
        {pointer}
        <Text color={colour}>{`${mark} `}</Text>
      </Box>
      <Box flexShrink={0} minWidth={Math.min(34, Math.floor(width * 0.45))} marginRight={2}>
        <Text>{text}</Text>
      </Box>
      <Text dimColor={!isNew} color={isNew ? 'yellow' : undefined} wrap="truncate-end">
        {isNew ? cost && `$ ${cost}` : (step.postponed ?? step.live?.id)}
      </Text>
    </Box>
  );
}
