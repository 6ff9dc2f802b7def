/** Travis CI puts what it stores behind `export NAME=` in a bash script: values go there as a shell reads them. */

/** As one word of any POSIX shell; what needs no quotes gets none. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const PART = new RegExp(
  [
    /'(?<single>[^']*)'/,
    /"(?<double>(?:[^"\\$`]|\\[\s\S])*)"/,
    /\\(?<escaped>[\s\S])/,
    // Anything that no shell gives a meaning to, so that it stands for itself.
    /(?<plain>[^\s'"\\$`;&|<>(){}~*?[\]]+)/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
);

/**
 * What bash makes of `export NAME=text`, however it was quoted; undefined where that is not certain
 * from the text alone, as with `$HOME` or a space outside of quotes.
 */
export function unquote(text: string): string | undefined {
  let value = '';
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text)?.groups;
    if (!part) return undefined;
    const { single, double, escaped, plain } = part;
    value += single ?? plain ?? (escaped === undefined ? inDouble(double!) : afterSlash(escaped));
  }
  return value;
}

/** A backslash before a line's end takes both away. */
function afterSlash(character: string): string {
  return character === '\n' ? '' : character;
}

/** Between double quotes a backslash is one unless something stands behind it that it can take the meaning of. */
function inDouble(text: string): string {
  return text.replace(/\\([\\"$`\n])/g, (_, character: string) => afterSlash(character));
}
