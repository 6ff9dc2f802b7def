import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/**
 * Edits of a YAML text at the places its parsed nodes tell, so that every other byte stays. Whether
 * the outcome means what it should is for the caller to check: odd forms come out wrong, not mended.
 */

/** A list's new item, as lines without the dash, and in one line for a list in brackets. */
export interface Item {
  lines: string[];
  inline: string;
}

/** The pair of that key, with a value that was parsed from a text. */
export function pairOf(map: unknown, key: string): Pair<Node, Node | null> | undefined {
  if (!isMap(map)) return undefined;
  return (map as YAMLMap<Node, Node | null>).items.find(
    (pair) => isScalar(pair.key) && pair.key.value === key,
  );
}

/** Makes it the last of the list under that key; a single value there becomes the list's first item. */
export function appendItem(
  text: string,
  { key, value }: Pair<Node, Node | null>,
  item: Item,
): string {
  const at = startOf(key);
  if (!value || (isScalar(value) && value.value === null))
    return insert(text, endOfLine(text, endOf(key)), block(item, columnOf(text, at)));
  if (isSeq<Node>(value) && value.flow) {
    const last = value.items.at(-1);
    return last
      ? insert(text, endOf(last), `, ${item.inline}`)
      : insert(text, startOf(value) + 1, item.inline);
  }
  const end = endOfBlock(text, value);
  if (isSeq(value)) return insert(text, end, block(item, columnOf(text, startOf(value))));
  const [dashed, column] = dashBefore(text, key, value);
  return insert(dashed, end + dashed.length - text.length, block(item, column));
}

/** Puts a dash before a value, which leaves its other lines as they are. Answers with the dash's column too. */
function dashBefore(text: string, key: Node, value: Node): [text: string, column: number] {
  if (isMap(value) && !value.flow) {
    const start = startOf(value);
    return [`${text.slice(0, start - 2)}- ${text.slice(start)}`, columnOf(text, start - 2)];
  }
  const colon = text.indexOf(':', endOf(key)) + 1;
  const rest = text.slice(colon).replace(/^[ \t]*(\r?\n[ \t]*)?/, '');
  return [`${text.slice(0, colon)}${eolOf(text)}- ${rest}`, 0];
}

/** Takes one item out of a list, and the pair with it when there is no other. */
export function removeItem(text: string, pair: Pair<Node, Node | null>, index: number): string {
  const { key, value } = pair;
  if (!isSeq<Node>(value) || value.items.length === 1) return cutLines(text, key, value ?? key);
  const item = value.items[index]!;
  if (!value.flow) return cutLines(text, item, item);
  const next = value.items[index + 1];
  return next
    ? cut(text, startOf(item), startOf(next))
    : cut(text, endOf(value.items[index - 1]!), endOf(item));
}

/** The lines of a pair with the comments right above it. */
export function sourceOf(text: string, { key, value }: Pair<Node, Node | null>): string {
  return text.slice(startWithComments(text, key), endOfBlock(text, value ?? key));
}

/** The lines of a block inside a text as they would be without its indentation. */
export function linesOf(text: string, node: Node): string[] {
  const indentation = new RegExp(`^ {0,${columnOf(text, startOf(node))}}`);
  const lines = text.slice(startOf(node), endOfBlock(text, node)).trimEnd().split('\n');
  return lines.map((line, index) => (index === 0 ? line : line.replace(indentation, '')));
}

/** Where the comments right above a node begin. */
export function startWithComments(text: string, node: Node): number {
  let at = startOfLine(text, startOf(node));
  for (;;) {
    const above = startOfLine(text, at - 1);
    if (at === 0 || !/^[ \t]*#/.test(text.slice(above, at))) return at;
    at = above;
  }
}

/** Puts lines in; they end as the text's own do. */
export function insert(text: string, at: number, lines: string): string {
  const eol = eolOf(text);
  const before = text.slice(0, at);
  const isAtLine = !lines.endsWith('\n') || before === '' || before.endsWith('\n');
  return `${before}${isAtLine ? '' : eol}${lines.replaceAll('\n', eol)}${text.slice(at)}`;
}

function eolOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

function block({ lines }: Item, column: number): string {
  const indentation = ' '.repeat(column);
  return lines
    .map((line, index) => (line ? `${indentation}${index === 0 ? '- ' : '  '}${line}\n` : '\n'))
    .join('');
}

function cut(text: string, from: number, to: number): string {
  return text.slice(0, from) + text.slice(to);
}

function cutLines(text: string, first: Node, last: Node): string {
  return cut(text, startOfLine(text, startOf(first)), endOfLine(text, endOf(lastLeaf(last))));
}

/** After its last line, and after comments below that are indented as part of it. */
function endOfBlock(text: string, node: Node): number {
  let at = endOfLine(text, endOf(lastLeaf(node)));
  if (!isCollection(node) || node.flow) return at;
  const least = columnOf(text, startOf(node)) + (isSeq(node) ? 1 : 0);
  const comment = new RegExp(`[ ]{${Math.max(least, 1)},}#[^\\n]*(\n|$)`, 'y');
  for (;;) {
    comment.lastIndex = at;
    if (!comment.test(text)) return at;
    at = comment.lastIndex;
  }
}

/** A block itself ends only where the next thing begins, after blank lines and comments that are not its own. */
function lastLeaf(node: Node): Node {
  if (!isCollection(node) || node.flow) return node;
  const last = node.items.at(-1);
  if (!isPair<Node, Node | null>(last)) return lastLeaf(last as Node);
  return last.value ? lastLeaf(last.value) : last.key;
}

function startOf(node: Node): number {
  return node.range![0];
}

function endOf(node: Node): number {
  return node.range![1];
}

function startOfLine(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** After the line break of the line that ends there or goes on. */
function endOfLine(text: string, at: number): number {
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function columnOf(text: string, at: number): number {
  return at - startOfLine(text, at);
}
