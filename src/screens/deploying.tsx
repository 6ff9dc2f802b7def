import { Box, type Instance, render, Text, useStdout } from 'ink';
import { useEffect, useState } from 'react';
import type { Part } from '../commands/deploy/deploying.ts';
import type { Live } from '../plain/deploy.ts';
import { ACCENT, duration } from '../plain/style.ts';

const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const FRAME_MS = 100;

interface Shown {
  part: Part;
  text: string;
  since: number;
}

/**
 * Two lines at the end of a terminal: what goes on right now, and what was last heard of it.
 * What is written to its stream stays above them.
 */
export function liveLines(): { live: Live; stream: NodeJS.WriteStream } {
  const { stdout } = process;
  let shown: Shown | undefined;
  let instance: Instance | undefined;
  const write = (text: string): void => {
    stdout.write(text);
  };
  let writeAbove = write;
  const above = (over: typeof write) => {
    writeAbove = over;
    return () => {
      writeAbove = write;
    };
  };
  const live: Live = {
    show(part, text = '') {
      if (!part) {
        // The last frame would stay where nothing goes on any more.
        instance?.clear();
        instance?.unmount();
        instance = undefined;
        shown = undefined;
        return;
      }
      shown = { part, text, since: shown?.part === part ? shown.since : performance.now() };
      const frame = <Lines {...shown} above={above} />;
      if (instance) instance.rerender(frame);
      // Ctrl-C is a signal here, as no key is read.
      else instance = render(frame, { exitOnCtrlC: false });
    },
  };
  const stream = Object.create(stdout, {
    write: { value: (text: string) => writeAbove(text) },
  }) as NodeJS.WriteStream;
  return { live, stream };
}

function Lines({
  part,
  text,
  since,
  above,
}: Shown & { above(write: (text: string) => void): () => void }) {
  const { write } = useStdout();
  const [frame, setFrame] = useState(0);
  useEffect(() => above(write), [above, write]);
  useEffect(() => {
    const timer = setInterval(() => setFrame((now) => now + 1), FRAME_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Box flexDirection="column">
      <Text wrap="truncate-end">
        <Text color={ACCENT}>{SPINNER[frame % SPINNER.length]}</Text> <Text bold>{part.title}</Text>
        <Text dimColor> {duration((performance.now() - since) / 1000)}</Text>
      </Text>
      <Text wrap="truncate-end" dimColor>
        {text === '' ? ' ' : `  ${text}`}
      </Text>
    </Box>
  );
}
