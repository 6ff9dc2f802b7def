import { Box, Text } from 'ink';
import type { Field } from './text-field.ts';

/** A line being typed. What is too long for it leaves it on both sides of the cursor. */
export function FieldLine({ label = '', field }: { label?: string; field: Field }) {
  const { characters, cursor } = field;
  return (
    <>
      <Box flexShrink={0}>
        <Text color="cyan">{`❯ ${label}`}</Text>
      </Box>
      <Box overflow="hidden" justifyContent="flex-end">
        <Box flexShrink={0}>
          <Text>{characters.slice(0, cursor).join('')}</Text>
        </Box>
      </Box>
      <Box flexShrink={0}>
        <Text color="cyan">▏</Text>
      </Box>
      <Box overflow="hidden">
        <Box flexShrink={0}>
          <Text>{characters.slice(cursor).join('')}</Text>
        </Box>
      </Box>
    </>
  );
}
