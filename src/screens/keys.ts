import { setImmediate } from 'node:timers/promises';
import type { Key } from 'ink';
import { createContext, useContext, useLayoutEffect, useRef } from 'react';

export type KeyHandler = (input: string, key: Key) => void;

export interface Handlers {
  keys: KeyHandler;
  paste(text: string): void;
}

/** Holds the handlers of the scene on screen; the one input hook at the root calls them. */
export const Handler = createContext<{ current: Handlers }>({ current: noHandlers() });

export function noHandlers(): Handlers {
  return { keys() {}, paste() {} };
}

/** Takes the keys, and what is pasted, while the component is on screen. */
export function useKeys(keys: KeyHandler, paste: (text: string) => void = () => {}): void {
  const holder = useContext(Handler);
  useLayoutEffect(() => {
    holder.current = { keys, paste };
  });
}

/** The keys in what came in one piece. A terminal sends Ctrl-A to Ctrl-Z as 1 to 26. */
export function keysIn(input: string, key: Key): [input: string, key: Key][] {
  const characters = [...input];
  if (characters.length < 2) return [[input, key]];
  return characters.map((one) => {
    const code = one.codePointAt(0)!;
    if (one === '\r' || one === '\n') return ['', { ...key, return: true }];
    if (one === '\t') return ['', { ...key, tab: true }];
    if (code <= 26) return [String.fromCodePoint(code + 96), { ...key, ctrl: true }];
    return [one, key];
  });
}

type Input = (handlers: Handlers) => void;

/**
 * Hands input on piece by piece, each once the one before has had its effect: keys faster
 * than the drawing arrive in one piece, and the second must find what the first has changed.
 */
export function useInputQueue(handlers: Handlers): (input: Input) => void {
  const queue = useRef<Input[]>([]);
  const latest = useRef(handlers);
  latest.current = handlers;
  return (input) => {
    queue.current.push(input);
    if (queue.current.length === 1) drain(queue.current, latest);
  };
}

async function drain(queue: Input[], handlers: { current: Handlers }) {
  for (let next = queue[0]; next; next = queue[0]) {
    next(handlers.current);
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
