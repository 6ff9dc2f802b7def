import type { Machine } from '../support/program.ts';

/** A text without what differs from run to run. */
export function normal(text: string, machine: Machine): string {
  const plain = text
    .replaceAll(machine.home, '~')
    .replace(/\b(vpc|subnet|igw|rtb|sg|lt|i|ami)-[0-9a-f]{8,17}\b/g, '$1-ID')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/\b\d+(\.\d)? s\b/g, 'N s')
    // Where these are broken depends on how long a number or the home's path is.
    .replace(/^(Not done|Done).*?\.$/ms, (counts) => counts.replace(/\s+/g, ' '))
    .replace(/\d+ calls \(\d+ changing\)/g, 'N calls (N changing)')
    .replace(/^• .*(\n {2}\S.*)+/gm, (note) => note.replaceAll('\n  ', ' '))
    .replace(/certificate\/(?:[0-9a-f-]\n?){35}[0-9a-f]/g, 'certificate/ID')
    .replace(/[0-9T:-]+Z-init-cluster-\d+\.jsonl/g, 'TIME.jsonl')
    .replace(/request(\s+)[0-9A-Za-z-]{20,}/g, 'request$1ID');
  return `${plain.trimEnd()}\n`;
}
