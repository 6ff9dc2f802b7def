import type { Key } from 'ink';
import { createContext, useContext, useEffect } from 'react';

export type KeyHandler = (input: string, key: Key) => void;

/** Holds the handler of the scene on screen; the one input hook at the root calls it. */
export const Handler = createContext<{ current: KeyHandler }>({ current: () => {} });

/** Takes the keys while the component is on screen. */
export function useKeys(handler: KeyHandler): void {
  const holder = useContext(Handler);
  useEffect(() => {
    holder.current = handler;
  });
}

/** Where a list's cursor goes with that key; undefined for one that does not move it. */
export function moved(cursor: number, length: number, input: string, key: Key): number | undefined {
  const last = Math.max(length - 1, 0);
  if (key.upArrow || input === 'k') return Math.max(cursor - 1, 0);
  if (key.downArrow || input === 'j') return Math.min(cursor + 1, last);
  if (key.pageUp) return Math.max(cursor - 10, 0);
  if (key.pageDown) return Math.min(cursor + 10, last);
  if (key.home) return 0;
  if (key.end) return last;
  return undefined;
}
