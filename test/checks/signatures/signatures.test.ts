import { describe, expect, test } from 'vitest';
import { SIGNATURES } from '../../../src/checks/signatures/index.ts';
import { explainReason, read } from '../../../src/checks/signatures/read.ts';
import { HARMLESS, LOGGED, type Spoken, TOLD } from './spoken.ts';

const NOW = new Date('2026-11-23T10:00:00Z');

/** As agents write, and have written. */
const FORMATS: Record<string, (at: string, spoken: Spoken) => string> = {
  old: (at, { says, error }) => `${at} [ERROR] ${error ? `${says}: ${error}` : says}`,
  pairs: (at, { says, error }) =>
    `level=error time=${at} msg=${JSON.stringify(says)}${error ? ` error=${JSON.stringify(error)}` : ''} module=client.go`,
  json: (at, { says, error }) =>
    JSON.stringify({ level: 'error', time: at, msg: says, ...(error ? { error } : {}) }),
};

function minutesAgo(minutes: number): string {
  return new Date(NOW.getTime() - minutes * 60_000).toISOString();
}

/** Of the last ten minutes, again and again. */
function logOf(format: string, spoken: Spoken): string {
  return [10, 6, 2].map((ago) => FORMATS[format]!(minutesAgo(ago), spoken)).join('\n');
}

describe.each(Object.keys(FORMATS))('in a log of the format “%s”', (format) => {
  test.each(LOGGED)('$id is recognised: $says', (spoken) => {
    expect(read(logOf(format, spoken), NOW)[0]).toMatchObject({
      signature: { id: spoken.id },
      at: new Date(minutesAgo(2)),
    });
  });

  test.each(TOLD)('$id is recognised where the agent repeats it: $says', (spoken) => {
    const log = logOf(format, {
      ...spoken,
      says: 'Error transitioning container',
      error: spoken.says,
    });
    // What only a service is told begins with the service's name.
    const ids = read(log, NOW).map(({ signature }) => signature.id);
    expect(ids).toEqual([spoken.id]);
  });

  test.each(HARMLESS)('$says is no trouble', (spoken) => {
    expect(read(logOf(format, spoken), NOW)).toEqual([]);
  });
});

test.each(TOLD)('the reason “$says” is explained as $id', ({ id, says }) => {
  const { cause, fix } = SIGNATURES.find((signature) => signature.id === id)!;
  expect(explainReason(says)).toEqual({ cause, fix });
});

test('what nobody knows, and what is no trouble, is not explained', () => {
  expect(explainReason('a service of another kind')).toBeUndefined();
  for (const { says } of HARMLESS) expect(explainReason(says)).toBeUndefined();
});

test('all signatures are different, anchored, in sentences, and tried above', () => {
  const ids = SIGNATURES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(70);
  const tried = new Set([...LOGGED, ...TOLD, ...HARMLESS].map(({ id }) => id));
  expect(ids.filter((id) => !tried.has(id))).toEqual([]);
  for (const { id, pattern, cause, fix } of SIGNATURES) {
    expect(pattern.source.startsWith('^'), id).toBe(true);
    expect(pattern.test('level=error msg="error"'), id).toBe(false);
    expect(cause, id).toMatch(/^\p{Lu}.*\.$/su);
    expect(fix.length, id).toBeGreaterThan(10);
  }
});
