import type { AwsError } from './errors.ts';
import type { Identity } from './identify.ts';

/** What goes wrong, and when. A rule with neither an error nor a reset only adds its latency. */
export interface Rule {
  /** `CreateVpc` or `ec2.CreateVpc`; a pattern is matched against `service.operation`. */
  operation: string | Pick<RegExp, 'test'>;
  /** Only requests whose body matches. */
  body?: RegExp;
  /** How many calls it meets; 1 by default. */
  times?: number;
  /** How many calls it lets pass first. */
  skip?: number;
  /** Milliseconds added. */
  latency?: number;
  /** HTTP status of the error; 400 by default. */
  status?: number;
  /** The error code as it is on the wire (`DuplicateLoadBalancerName`, without `Exception`). */
  code?: string;
  message?: string;
  /** The connection is reset instead of answered. */
  reset?: boolean;
  /** The call is carried out first: its answer is what gets lost. */
  after?: boolean;
  /** Called when the call was carried out and before it is answered. */
  carriedOut?: () => void;
  /** Tells another answer than AWS gave. */
  rewrite?: (body: string) => string;
  /** Answers in JSON what AWS would to an operation that the emulator lacks. */
  answer?: (body: string) => object;
}

export interface Verdict {
  /** Milliseconds. */
  latency: number;
  error?: AwsError;
  reset: boolean;
  after: boolean;
  carriedOut: (() => void)[];
  rewrites: ((body: string) => string)[];
  answer?: (body: string) => object;
}

/** Holds the rules; each counts the calls it has met. */
export class Rules {
  #rules: (Rule & { met: number })[] = [];

  add(rule: Rule): void {
    this.#rules.push({ ...rule, met: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Latencies add up; of the rest the first rule that applies decides. */
  judge(identity: Identity, body: string): Verdict {
    const verdict: Verdict = {
      latency: 0,
      reset: false,
      after: false,
      carriedOut: [],
      rewrites: [],
    };
    for (const rule of this.#rules) {
      if (!meets(rule, identity, body)) continue;
      const breaks = rule.code !== undefined || rule.status !== undefined || rule.reset === true;
      if (breaks && (verdict.error || verdict.reset)) continue;
      rule.met += 1;
      const skipped = rule.met <= (rule.skip ?? 0);
      if (skipped || rule.met > (rule.skip ?? 0) + (rule.times ?? 1)) continue;
      verdict.latency += rule.latency ?? 0;
      if (rule.carriedOut) verdict.carriedOut.push(rule.carriedOut);
      if (rule.rewrite) verdict.rewrites.push(rule.rewrite);
      verdict.answer ??= rule.answer;
      if (!breaks) continue;
      verdict.after = rule.after ?? false;
      verdict.reset = rule.reset ?? false;
      if (!verdict.reset) verdict.error = errorOf(rule);
    }
    return verdict;
  }
}

function meets(rule: Rule, { service, operation }: Identity, body: string): boolean {
  if (rule.body && !rule.body.test(body)) return false;
  const full = `${service}.${operation}`;
  if (typeof rule.operation !== 'string') return rule.operation.test(full);
  return rule.operation === operation || rule.operation === full;
}

function errorOf(rule: Rule): AwsError {
  return {
    status: rule.status ?? 400,
    code: rule.code ?? 'InternalFailure',
    message: rule.message ?? 'An error that was injected by the tests.',
  };
}
