/** One line of a log, whatever format it came in. */
export interface Line {
  /** Undefined where the line, and all before it, tell no time. */
  at?: Date;
  /** Its message, and after it the errors it carries. */
  text: string;
}

/** "2018-07-05T08:13:19Z [ERROR] text", as agents wrote until 2020. */
const OLD = /^(\d{4}-\d\d-\d\dT[\d:.]+Z?) \[\w+\] (.*)$/;
/** "level=error time=… msg="…" error="…"", as they write since. */
const FIELDS = /(\w+)=("(?:[^"\\]|\\.)*"|\S*)/g;
/** "[   12.345678] text", as the kernel writes to the console. */
const UPTIME = /^\[ *\d+\.\d+\] (?:cloud-init\[\d+\]: )?/;

/** What says when and how much, not what. */
const ASIDE = new Set(['level', 'time', 'msg', 'module']);

/** Reads a log; a line without a time is of the same moment as the one before it. */
export function linesOf(log: string): Line[] {
  let at: Date | undefined;
  return log
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { time, text } = parse(line.trim());
      const read = new Date(time ?? Number.NaN);
      if (!Number.isNaN(read.getTime())) at = read;
      return { at, text };
    });
}

function parse(line: string): { time?: string; text: string } {
  const old = OLD.exec(line);
  if (old) return { time: old[1], text: old[2]! };
  const fields = line.startsWith('{') ? fromJson(line) : fromPairs(line);
  if (!fields?.msg) return { text: line.replace(UPTIME, '') };
  const others = Object.entries(fields).flatMap(([key, value]) => (ASIDE.has(key) ? [] : value));
  return { time: fields.time, text: [fields.msg, ...others].join(': ') };
}

function fromJson(line: string): Record<string, string> | undefined {
  try {
    const entries = Object.entries(JSON.parse(line) as object);
    return Object.fromEntries(entries.map(([key, value]) => [key, textOf(value)]));
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fromPairs(line: string): Record<string, string> | undefined {
  if (!/^(?:level|time)=/.test(line)) return undefined;
  const pairs = [...line.matchAll(FIELDS)];
  return Object.fromEntries(pairs.map(([, key, value]) => [key, unquoted(value!)]));
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
