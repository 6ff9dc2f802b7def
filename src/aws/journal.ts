import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** One call to AWS, as it ended. */
export interface Call {
  service: string;
  operation: string;
  /** Whether it could change anything in AWS. */
  changing: boolean;
  milliseconds: number;
  attempts: number;
  requestId?: string;
  /** The error's code, where the call failed. */
  error?: string;
}

/** Every call of a run, counted and written to a log file; parameters and answers, where secrets are, stay out. */
export class Journal {
  readonly file: string;
  total = 0;
  changing = 0;

  constructor(file: string) {
    this.file = file;
  }

  record(call: Call): void {
    this.total += 1;
    if (call.changing) this.changing += 1;
    this.write(call);
  }

  /** Adds a line of any other kind: an error with its stack, what was decided. */
  write(entry: object): void {
    const line = JSON.stringify({ at: new Date().toISOString(), ...entry });
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      appendFileSync(this.file, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk or a read-only home must not undo what AWS has done.
    }
  }
}

const READING =
  /^(Describe|Get|List|Head|Lookup|Simulate|BatchGet|Search|Filter)|^(Decode|Validate)/;

/** Whether a call of that name can change anything in AWS. */
export function isChanging(operation: string): boolean {
  return !READING.test(operation);
}

const lookingAlone = new WeakSet<object>();

/**
 * Has a call counted as one that only looks, whatever its name says: what a script does that is sent
 * to an instance, only its sender knows.
 */
export function onlyLooks<Command extends { input: object }>(command: Command): Command {
  lookingAlone.add(command.input);
  return command;
}

/** The part of a client's middleware stack used here; each client types its own inputs and outputs. */
export interface Stack {
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  add(middleware: any, options: object): void;
}

export interface Context {
  commandName?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a middleware hands through whatever its client sends.
export type Next = (args: any) => Promise<any>;

/** Makes a client's calls pass through the journal. */
export function journalCalls(stack: Stack, service: string, journal: Journal): void {
  stack.add(
    (next: Next, context: Context) => async (args: { input: object }) => {
      const started = performance.now();
      const operation = operationOf(context);
      const call = (metadata: Metadata | undefined, error?: string): Call => ({
        service,
        operation,
        changing: isChanging(operation) && !lookingAlone.has(args.input),
        milliseconds: Math.round(performance.now() - started),
        attempts: metadata?.attempts ?? 1,
        requestId: metadata?.requestId,
        error,
      });
      try {
        const result = await next(args);
        journal.record(call(result.output.$metadata));
        return result;
      } catch (error) {
        const failed = error as Error & { $metadata?: Metadata };
        journal.record(call(failed.$metadata, failed.name));
        throw error;
      }
    },
    { step: 'initialize', name: 'journal', priority: 'low' },
  );
}

interface Metadata {
  attempts?: number;
  requestId?: string;
}

/** "CreateVpcCommand", as the SDK calls it, is "CreateVpc" to AWS. */
export function operationOf({ commandName = '' }: Context): string {
  return commandName.replace(/Command$/, '');
}
