/** A .gitignore's text with that pattern in it; the very same text when it is there already. */
export function withIgnored(existing: string | undefined, pattern: string): string {
  if (!existing) return `${pattern}\n`;
  if (existing.split(/\r?\n/).some((line) => line.trimEnd() === pattern)) return existing;
  const eol = existing.includes('\r\n') ? '\r\n' : '\n';
  return `${existing}${existing.endsWith('\n') ? '' : eol}${pattern}${eol}`;
}
