import { Box, useInput, usePaste } from 'ink';
import { useRef, useState, useSyncExternalStore } from 'react';
import { Ask } from './ask.tsx';
import { Busy } from './busy.tsx';
import { DiagnosisView } from './diagnosis.tsx';
import { End } from './end.tsx';
import { Frame } from './frame.tsx';
import { Help } from './help.tsx';
import { Handler, keysIn, noHandlers, useInputQueue } from './keys.ts';
import { Looking } from './looking.tsx';
import { Review } from './review.tsx';
import { Run } from './run.tsx';
import { Settle } from './settle.tsx';
import type { Snapshot, Stage } from './stage.ts';
import { StatusView } from './status.tsx';

interface Props {
  stage: Stage;
  /** Ctrl-C: in raw mode the terminal sends a key instead of a signal. */
  onInterrupt(): void;
}

/** The whole program on screen; the one place that takes input. */
export function App({ stage, onInterrupt }: Props) {
  const snapshot = useSyncExternalStore(stage.subscribe, stage.get);
  const handler = useRef(noHandlers());
  const [isHelp, setHelp] = useState(false);
  const take = useInputQueue({
    keys(input, key) {
      if (isHelp) setHelp(false);
      else if (input === '?') setHelp(true);
      else handler.current.keys(input, key);
    },
    // What is pasted is never taken for keys that do something.
    paste(text) {
      if (!isHelp) handler.current.paste(text);
    },
  });
  useInput((input, key) => {
    if (key.ctrl && input === 'c') onInterrupt();
    else for (const one of keysIn(input, key)) take(({ keys }) => keys(...one));
  });
  usePaste((text) => take(({ paste }) => paste(text)));
  return (
    <Handler value={handler}>
      <Frame where={snapshot.where} remark={snapshot.remark}>
        {isHelp && <Help scene={snapshot.scene.kind} />}
        {/* It stays mounted behind the help: nothing typed is lost. */}
        <Box flexDirection="column" display={isHelp ? 'none' : 'flex'}>
          <SceneOf snapshot={snapshot} />
        </Box>
      </Frame>
    </Handler>
  );
}

function SceneOf({ snapshot: { scene, where } }: { snapshot: Snapshot }) {
  switch (scene.kind) {
    case 'busy':
      return <Busy sentence={scene.sentence} />;
    case 'settle':
      return where ? <Settle scene={scene} where={where} /> : null;
    case 'ask':
      // A new question starts with nothing typed and nothing chosen.
      return <Ask key={scene.question.key} scene={scene} />;
    case 'review':
      return <Review scene={scene} />;
    case 'run':
      return <Run scene={scene} isReal={!where?.endpoint} />;
    case 'end':
      return <End scene={scene} />;
    case 'looking':
      return <Looking scene={scene} />;
    case 'diagnosis':
      return <DiagnosisView scene={scene} />;
    case 'status':
      return <StatusView scene={scene} />;
  }
}
