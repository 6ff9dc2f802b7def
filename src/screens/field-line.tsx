import { Box, Text } from 'ink';
import type { Field } from './text-field.ts';

interface Props {
  label?: string;
  field: Field;
  /** Whether what is typed must not be seen. */
  isSecret?: boolean;
}

/** A line being typed. What is too long for it leaves it on both sides of the cursor. */
export function FieldLine({ label = '', field, isSecret = false }: Props) {
  const { cursor } = field;
  const characters = isSecret ? field.characters.map(() => '•') : field.characters;
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
