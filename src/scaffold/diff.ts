import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/**
 * A unified diff to be shown in a terminal, line by line; [] when only line endings differ.
 * What could steer the terminal or turn the text around is shown as \uXXXX.
 * @param before undefined when there is no file yet.
 */
export function diffLines(path: string, before: string | undefined, after: string): string[] {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const patch = createTwoFilesPatch(from, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    stripTrailingCr: true,
    headerOptions: FILE_HEADERS_ONLY,
  });
  const lines = patch.replace(/\n$/, '').split('\n').map(harmless);
  return lines.some((line) => line.startsWith('@@')) ? lines : [];
}

/** Everything but the tab that Unicode calls a control or a format character: escapes, and bidirectional overrides. */
function harmless(line: string): string {
  return line.replace(
    /[^\P{C}\t]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
