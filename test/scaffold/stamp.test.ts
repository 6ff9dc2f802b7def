import { describe, expect, test } from 'vitest';
import { stamped, standingOf } from '../../src/scaffold/stamp.ts';

const DOCKERFILE = '# Builds the app.\nFROM node:24\n';
const SAYS =
  'digital-apps: this checksum tells an untouched copy from one you changed; edit freely.';
const withCrlf = (text: string) => text.replaceAll('\n', '\r\n');

describe('the stamp stands', () => {
  const stamp = new RegExp(`${SAYS.replaceAll('.', '\\.')} sha256:[0-9a-f]{16}`);
  test.each([
    ['under the first comment', 'deploy/Dockerfile', DOCKERFILE, 1, '# '],
    [
      'under the shebang and what follows it',
      'deploy/entrypoint.sh',
      '#!/bin/sh\n# Starts it.\nexec "$@"\n',
      2,
      '# ',
    ],
    ['under the shebang of JavaScript', 'deploy/a.js', '#!/usr/bin/env node\nrun();\n', 1, '// '],
    ['under a comment of JavaScript', 'deploy/a.mjs', '// Deploys.\nrun();\n', 1, '// '],
    ['at the top, where there is no header', 'a/compose.yml', 'services:\n  app: {}\n', 0, '# '],
    ['at the top of an empty file', '.dockerignore', '', 0, '# '],
  ])('%s', (_, path, content, at, comment) => {
    const lines = stamped(path, content).split('\n');
    const [line] = lines.splice(at, 1);
    expect(line).toMatch(stamp);
    expect(line!.startsWith(`${comment}digital-apps:`)).toBe(true);
    expect(lines.join('\n')).toBe(content);
  });

  test('in a file whose lines end with LF, whatever the template’s do', () => {
    expect(stamped('Dockerfile', withCrlf(DOCKERFILE))).toBe(stamped('Dockerfile', DOCKERFILE));
    expect(stamped('Dockerfile', DOCKERFILE)).not.toContain('\r');
  });
});

describe('a file is', () => {
  const own = stamped('Dockerfile', DOCKERFILE);
  const newer = DOCKERFILE.replace('24', '26');
  const standing = (existing: string, template = DOCKERFILE) =>
    standingOf(existing, 'Dockerfile', template);

  test('the same as it was written, and as Git checks it out with CRLF', () => {
    expect(standing(own)).toBe('same');
    expect(standing(withCrlf(own))).toBe('same');
  });

  test('older when the template is another now', () => {
    expect(standing(own, newer)).toBe('older');
    expect(standing(withCrlf(own), newer)).toBe('older');
  });

  test('older when only the words of the stamp were others', () => {
    const once = own.replace(SAYS, 'digital-apps: made by init.').replace(/[0-9a-f]{4}$/m, '');
    expect(once).toMatch(/made by init\. sha256:[0-9a-f]{12}$/m);
    expect(standing(once)).toBe('older');
  });

  test.each([
    ['one line was changed', own.replace('node:24', 'node:20')],
    ['a line was added', `${own}USER node\n`],
    ['a line was added above', `# Ours.\n${own}`],
    ['the last newline was taken away', own.trimEnd()],
    ['the stamp was taken away', DOCKERFILE],
    ['the stamp was shortened', own.replace(/(sha256:).*/, '$1')],
    ['the stamp is of another file', own.replace(/FROM.*/, 'FROM scratch')],
    ['it is empty', ''],
    ['somebody else wrote it', 'FROM ruby\n'],
  ])('changed when %s', (_, existing) => {
    expect(standing(existing)).toBe('changed');
    expect(standing(existing, newer)).toBe('changed');
  });
});
