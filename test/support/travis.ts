import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  create,
  error,
  missing,
  type Repository,
  type Stored,
  shownAll,
  shownRepository,
  update,
} from './travis/repository.ts';

interface Request {
  method: string;
  /** As it was sent, with what is escaped in it. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** The HTTP status that was answered; 0 for a connection that was reset, undefined while it is under way. */
  status?: number;
}

/** What goes wrong, and when. */
interface Fault {
  /** Any when it is left out. */
  method?: string;
  /** How many requests it meets; 1 by default. */
  times?: number;
  /** Milliseconds before anything is done. */
  slow?: number;
  /** Answered instead of what is asked for. */
  status?: number;
  headers?: Record<string, string>;
  /** Text is sent as it is. */
  body?: string | object;
  /** The connection is reset instead of answered. */
  reset?: boolean;
  /** What is asked for is carried out first: its answer is what gets lost. */
  after?: boolean;
  /** Told once what is asked for was carried out, or would have been. */
  carriedOut?: () => void;
}

export interface FakeTravis {
  endpoint: string;
  token: string;
  repositories: Repository[];
  /** In the order of arrival. */
  requests: Request[];
  variables(slug: string): Stored[];
  fail(fault: Fault): void;
  /** Forgets all that was to go wrong. */
  recover(): void;
  stop(): Promise<void>;
}

const HOUR = 3_600_000;

/** Travis CI's API v3 on this machine, as far as a repository and its environment variables go. */
export async function startTravis({
  token = 'a-token-of-Travis-CI',
  repositories = [{ slug: 'city/parks' }],
  now = Date.now,
}: {
  token?: string;
  repositories?: (Partial<Repository> & { slug: string })[];
  /** Milliseconds; moved by tests that cannot wait for the end of a ban. */
  now?: () => number;
} = {}): Promise<FakeTravis> {
  const known = repositories.map(
    (repository): Repository => ({ active: true, access: 'write', variables: [], ...repository }),
  );
  const requests: Request[] = [];
  const faults: Fault[] = [];
  const isBanned = banning(now);
  const server = createServer((incoming, outgoing) => {
    // A client that left in the middle must not end the test process.
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const body = Buffer.concat(await incoming.toArray()).toString();
    const request: Request = { method, path: url, headers, body };
    requests.push(request);
    const fault = takeFault(method);
    if (fault?.slow) await sleep(fault.slow);
    const replaced = fault?.status !== undefined || fault?.reset;
    const answer = replaced && !fault?.after ? undefined : carryOut(request);
    fault?.carriedOut?.();
    const given: Answer = fault?.status
      ? { status: fault.status, headers: fault.headers, body: fault.body ?? '' }
      : answer!;
    request.status = fault?.reset ? 0 : given.status;
    if (fault?.reset) incoming.socket.resetAndDestroy();
    else send(outgoing, given);
  }

  function takeFault(method: string): Fault | undefined {
    const fault = faults.find((one) => (one.method ?? method) === method);
    if (!fault) return undefined;
    const left = (fault.times ?? 1) - 1;
    faults.splice(faults.indexOf(fault), 1, ...(left > 0 ? [{ ...fault, times: left }] : []));
    return fault;
  }

  function carryOut({ method, path, headers, body }: Request): Answer {
    const sent = /^token (.+)$/.exec(headers.authorization as string)?.[1];
    if (sent !== undefined && sent !== token) return { status: 403, body: 'access denied' };
    if (isBanned(method)) return { status: 403, body: 'Forbidden\n' };
    if (headers['travis-api-version'] !== '3') return { status: 404, body: 'Not Found' };
    const [, slug, resource, id] =
      /^\/repo\/([^/]+)(?:\/(env_vars|env_var(?=\/.))(?:\/([^/]+))?)?$/.exec(path) ?? [];
    if (!slug) return missing('resource');
    if (!sent) return error(403, 'login_required', 'login required');
    const repository = known.find((one) => one.slug === decodeURIComponent(slug));
    if (!repository) return missing('repository');
    const params = headers['content-type'] === 'application/json' ? dotted(body) : {};
    switch (`${method} ${resource ?? ''}`) {
      case 'GET ':
        return { status: 200, body: shownRepository(repository) };
      case 'GET env_vars':
        return { status: 200, body: shownAll(repository) };
      case 'POST env_vars':
        return create(repository, params);
      case 'PATCH env_var':
        return update(repository, id!, params);
      default:
        return error(405, 'method_not_allowed', 'method not allowed');
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    repositories: known,
    requests,
    variables: (slug) => known.find((one) => one.slug === slug)!.variables,
    fail: (fault) => faults.push(fault),
    recover: () => faults.splice(0),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Who sends 50 POSTs within 30 seconds is sent away for an hour, whatever is asked for. */
function banning(now: () => number): (method: string) => boolean {
  let until = 0;
  let posts: number[] = [];
  return (method) => {
    if (now() < until) return true;
    if (method !== 'POST') return false;
    posts = [...posts.filter((at) => at > now() - 30_000), now()];
    if (posts.length >= 50) until = now() + HOUR;
    return false;
  };
}

/** Only `env_var.name` and its like are looked at; anything else, an object too, is dropped without a word. */
function dotted(body: string): Partial<Stored> {
  const entries = Object.entries(JSON.parse(body || '{}') as object);
  return Object.fromEntries(
    entries
      .filter(([key]) => /^env_var\.(name|value|public|branch)$/.test(key))
      .map(([key, value]) => [key.slice('env_var.'.length), value]),
  );
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const isText = typeof body === 'string';
  outgoing.writeHead(status, {
    'Content-Type': isText ? 'text/plain' : 'application/json',
    ...headers,
  });
  outgoing.end(isText ? body : JSON.stringify(body, undefined, 2));
}
