import type { UserError } from '../../errors.ts';

export type Variables = Record<string, string | undefined>;
/** Makes the error for a place in the file: what is wrong there, and what to do. */
export type Wrong = (says: string, fix?: string) => UserError;

/** `word` is what stands behind the operator, as with `${NAME:-word}`. */
type Part = string | { name: string; operator: string; word: Part[] };

/**
 * Puts variables in where a compose file names them: $NAME, ${NAME}, ${NAME:-default}, ${NAME-default},
 * ${NAME:?message}, ${NAME?message}, ${NAME:+instead}, ${NAME+instead}, and $$ for a dollar sign.
 * Docker takes an unset one for empty and warns, which would deploy something else than was meant.
 * @throws what `wrong` makes: for a variable that is not set and has no default, and for a malformed one.
 */
export function interpolate(text: string, variables: Variables, wrong: Wrong): string {
  const { parts } = parse(text, 0, false, wrong);
  return textOf(parts, variables, wrong);
}

/** The variables that a text names, also those that only stand in for others. */
export function variablesIn(text: string): string[] {
  return [...text.replaceAll('$$', '').matchAll(/\$\{?([a-z_]\w*)/gi)].map(([, name]) => name!);
}

const DOLLAR =
  /\$(?:(?<dollar>\$)|(?<name>[a-z_]\w*)|\{(?<braced>[a-z_]\w*)(?<operator>:?[-?+]|\})|(?<opened>\{))/iy;

function parse(text: string, from: number, isWord: boolean, wrong: Wrong) {
  const parts: Part[] = [];
  let at = from;
  while (at < text.length) {
    if (isWord && text[at] === '}') return { parts, end: at + 1 };
    DOLLAR.lastIndex = at;
    const found = DOLLAR.exec(text);
    if (!found) {
      parts.push(text[at]!);
      at += 1;
      continue;
    }
    const { dollar, name, braced, operator = '', opened } = found.groups!;
    if (opened) throw wrong('what follows “${” is no name of a variable', DOLLAR_SIGN);
    at += found[0].length;
    if (dollar) parts.push('$');
    else if (name) parts.push({ name, operator: '', word: [] });
    else if (operator === '}') parts.push({ name: braced!, operator: '', word: [] });
    else {
      const { parts: word, end } = parse(text, at, true, wrong);
      parts.push({ name: braced!, operator, word });
      at = end;
    }
  }
  if (isWord) throw wrong('a “${” is never closed', DOLLAR_SIGN);
  return { parts, end: at };
}

const DOLLAR_SIGN = `Write \${NAME} for a variable, and $$ for a dollar sign.`;

function textOf(parts: Part[], variables: Variables, wrong: Wrong): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : substitute(part, variables, wrong)))
    .join('');
}

function substitute(
  { name, operator, word }: Exclude<Part, string>,
  variables: Variables,
  wrong: Wrong,
): string {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const isThere = operator.startsWith(':') ? Boolean(value) : value !== undefined;
  const meant = () => textOf(word, variables, wrong);
  switch (operator.at(-1)) {
    case '-':
      return isThere ? value! : meant();
    case '+':
      return isThere ? meant() : '';
    case '?':
      if (isThere) return value!;
      throw wrong(`the variable ${name} is ${value === '' ? 'empty' : 'not set'}: ${meant()}`);
    default:
      if (isThere) return value!;
      throw wrong(
        `the variable ${name} is not set`,
        `Set it where you deploy, or write \${${name}:-value} for a value to take then.`,
      );
  }
}
