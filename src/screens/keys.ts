import { setImmediate } from 'node:timers/promises';
import type { Key } from 'ink';
import { createContext, useContext, useLayoutEffect, useRef } from 'react';

export type KeyHandler = (input: string, key: Key) => void;

/** Holds the handler of the scene on screen; the one input hook at the root calls it. */
export const Handler = createContext<{ current: KeyHandler }>({ current: () => {} });

/** Takes the keys while the component is on screen. */
export function useKeys(handler: KeyHandler): void {
  const holder = useContext(Handler);
  useLayoutEffect(() => {
    holder.current = handler;
  });
}

/**
 * Hands keys on one by one, each once the one before has had its effect: a paste, or keys faster
 * than the drawing, arrive in one piece, and the second must find what the first has changed.
 */
export function useKeyQueue(handle: KeyHandler): KeyHandler {
  const queue = useRef<Parameters<KeyHandler>[]>([]);
  const latest = useRef(handle);
  latest.current = handle;
  return (...stroke) => {
    queue.current.push(stroke);
    if (queue.current.length === 1) drain(queue.current, latest);
  };
}

async function drain(queue: Parameters<KeyHandler>[], handler: { current: KeyHandler }) {
  for (let next = queue[0]; next; next = queue[0]) {
    handler.current(...next);
    // React puts its work behind a microtask and then into the queue that this waits in too.
    await undefined;
    await setImmediate();
    queue.shift();
  }
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
