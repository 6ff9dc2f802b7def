import { createHash } from 'node:crypto';

const SAYS =
  'digital-apps: this checksum tells an untouched copy from one you changed; edit freely.';
/** Wider than what is written today: the words may change, and older stamps must still be known. */
const STAMP = /^(?:#|\/\/) digital-apps: .*sha256:([0-9a-f]{12,64})$/;
const HEADER = /^(?:#|\/\/)/;

/** That content with a checksum of itself in a comment, at the end of its header; always LF. */
export function stamped(path: string, content: string): string {
  const body = withLf(content);
  const lines = body.split('\n');
  const comment = /\.[cm]?[jt]s$/.test(path) ? '//' : '#';
  const stamp = `${comment} ${SAYS} sha256:${checksum(body).slice(0, 16)}`;
  const end = lines.findIndex((line) => !HEADER.test(line));
  return lines.toSpliced(end, 0, stamp).join('\n');
}

/**
 * What an app's file is, held against the template: the `same`; `older`, which is as some version
 * of ours wrote it and may be updated; or `changed` by somebody. CRLF, as Git may check out, is no change.
 */
export function standingOf(
  existing: string,
  path: string,
  template: string,
): 'same' | 'older' | 'changed' {
  const text = withLf(existing);
  if (text === stamped(path, template)) return 'same';
  const lines = text.split('\n');
  const at = lines.findIndex((line) => STAMP.test(line));
  const sum = STAMP.exec(lines[at] ?? '')?.[1];
  const isUntouched = sum && checksum(lines.toSpliced(at, 1).join('\n')).startsWith(sum);
  return isUntouched ? 'older' : 'changed';
}

export function withLf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
