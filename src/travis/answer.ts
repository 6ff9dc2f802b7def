/** One answer; status 0 for none, and then the text says why. */
export interface Answer {
  status: number;
  retryAfter: string | null;
  text: string;
}

/** Travis CI answered that it will not do it. */
export class Refusal extends Error {
  readonly status: number;
  /** Its `error_type`; undefined for an answer in plain text. */
  readonly type?: string;
  /** What it was about: `repository`, `env_var`. */
  readonly resource?: string;

  constructor(status: number, message: string, type?: string, resource?: string) {
    super(message);
    this.status = status;
    this.type = type;
    this.resource = resource;
  }
}

/** Nothing tells whether the call was carried out; the message says why. */
export class Unanswered extends Error {}

export function isUnanswered(status: number): boolean {
  return status === 0 || status >= 500;
}

/** Seconds, from a header that holds them or a date. */
export function secondsOf(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

interface Content {
  '@type'?: string;
  error_type?: string;
  error_message?: string;
  resource_type?: string;
}

/**
 * What was asked for, out of an answer.
 * @throws Refusal, Unanswered; what the first says went through `safe`.
 */
export function read({ status, text }: Answer, safe: (text: string) => string): object {
  if (status === 0) throw new Unanswered(text);
  if (status >= 500) throw new Unanswered(`(HTTP ${status})`);
  const content = parse(text);
  if (status < 300 && content?.['@type']) return content;
  throw new Refusal(
    status,
    safe(content?.error_message ?? text.trim().slice(0, 200)),
    content?.error_type,
    content?.resource_type,
  );
}

function parse(text: string): Content | undefined {
  try {
    const content = JSON.parse(text);
    return typeof content === 'object' && content !== null ? content : undefined;
  } catch {
    // Throttles, proxies and the like answer in plain text.
    return undefined;
  }
}
