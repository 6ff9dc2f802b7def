import { masked } from '../../mask.ts';
import { SIGNATURES } from './index.ts';
import { type Line, linesOf } from './lines.ts';
import type { Signature } from './signature.ts';

/** A signature, where a log shows it last. */
export interface Sign {
  signature: Signature;
  /** What the log says, with its secrets masked; 300 characters at the most. */
  line: string;
  /** Undefined where the log tells no times. */
  at?: Date;
}

const STARTING = /^Starting (?:Amazon ECS Agent|Agent: Amazon ECS Agent)/;
/** After these, what kept the agent from it before is over. */
const JOINED =
  /^(?:Registration completed successfully|Registered container instance|Connected to (?:ACS|Agent Communication))/i;

const MINUTE = 60_000;
/** What makes a passing trouble one that stays. */
const PERSISTENT = { times: 3, over: 5 * MINUTE, until: 15 * MINUTE };
const LONGEST = 300;

/**
 * What an agent's log shows of known trouble since the agent last started, the deepest cause first.
 * Trouble that passes by itself counts only while it goes on.
 */
export function read(log: string, now: Date): Sign[] {
  const lines = sinceStart(linesOf(log));
  const joined = lines.findLastIndex(({ text }) => JOINED.test(text));
  const met = Map.groupBy(
    lines.flatMap((line, index) => {
      const signature = signatureOf(line.text);
      if (!signature || signature.benign) return [];
      const isOver = signature.level === 'agent' && !signature.lasting && index < joined;
      return isOver ? [] : { signature, line };
    }),
    ({ signature }) => signature,
  );
  return [...met]
    .filter(
      ([{ transient }, found]) =>
        !transient ||
        persists(
          found.map((f) => f.line),
          now,
        ),
    )
    .map(([signature, found]) => signOf(signature, found.at(-1)!.line))
    .sort((a, b) => a.signature.precedence - b.signature.precedence);
}

/** What an event of a service, or the reason of a stopped task, means; undefined where nobody knows. */
export function explainReason(text: string): { cause: string; fix: string } | undefined {
  const signature = signatureOf(text);
  if (!signature || signature.benign) return undefined;
  return { cause: signature.cause, fix: signature.fix };
}

function sinceStart(lines: Line[]): Line[] {
  const start = lines.findLastIndex(({ text }) => STARTING.test(text));
  // What came before the agent is of the host, and no agent outlives it.
  return lines.slice(Math.max(start, 0));
}

/** The deepest that fits. */
function signatureOf(text: string): Signature | undefined {
  const clauses = clausesOf(text);
  return SIGNATURES.find(({ pattern }) => clauses.some((clause) => pattern.test(clause)));
}

/** The text, and each error that is wrapped in it: "failed: caused by: why" holds three. */
function clausesOf(text: string): string[] {
  const starts = [...text.matchAll(/[:;,.] |\n|\bapi error |\(error /g)];
  return [text, ...starts.map(({ index, 0: { length } }) => text.slice(index + length))];
}

function persists(lines: Line[], now: Date): boolean {
  const times = lines.flatMap(({ at }) => (at ? at.getTime() : []));
  if (times.length < PERSISTENT.times) return false;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return last - first >= PERSISTENT.over && now.getTime() - last <= PERSISTENT.until;
}

function signOf(signature: Signature, { text, at }: Line): Sign {
  const line = masked(text.replaceAll('\n', ' '));
  return {
    signature,
    line: line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line,
    at,
  };
}
