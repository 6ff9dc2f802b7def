import { Text } from 'ink';
import { Body } from './frame.tsx';
import { useKeys } from './keys.ts';

/** Something takes a moment. */
export function Busy({ sentence }: { sentence: string }) {
  useKeys(() => {});
  return (
    <Body
      rows={[
        <Text key="busy" dimColor>
          {sentence}
        </Text>,
      ]}
      keys={[]}
    />
  );
}
