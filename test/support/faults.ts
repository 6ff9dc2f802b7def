import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { wireError } from './faults/errors.ts';
import { type Identity, identify } from './faults/identify.ts';
import { type Rule, Rules } from './faults/rules.ts';

export { presets } from './faults/presets.ts';

/** One call that passed the proxy, in the order of arrival. */
export interface Call {
  service: string;
  operation: string;
  /** False for a call that only looks, and for a dry run. */
  changing: boolean;
  /** When it arrived: milliseconds since the proxy was started. */
  at: number;
  /** How long it took to be answered, in milliseconds; undefined while it is in flight. */
  ms?: number;
  /** The HTTP status that the client was given; 0 for a connection that was reset. */
  status?: number;
  /** The request's body. */
  body: string;
}

export interface Faults {
  endpoint: string;
  /** When the calls' times begin, by `performance.now()`. */
  started: number;
  calls: Call[];
  inject(rule: Rule): void;
  /** Forgets the rules and the calls. */
  clear(): void;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A proxy in front of `endpoint` that records every call and breaks those the rules name. */
export async function startFaults(
  endpoint: string,
  options: { /** Milliseconds added to every call. */ latency?: number } = {},
): Promise<Faults> {
  const started = performance.now();
  const rules = new Rules();
  const calls: Call[] = [];
  const server = createServer((incoming, outgoing) => {
    // A client that left in the middle must not end the test process.
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse) {
    const at = performance.now() - started;
    const content = await read(incoming);
    const body = content.toString();
    const identity = identify(incoming.method ?? '', incoming.url ?? '', incoming.headers, body);
    const { service, operation, changing } = identity;
    const call: Call = { service, operation, changing, at, body };
    calls.push(call);
    const answer = await decide(identity, body, () => forward(endpoint, incoming, content));
    call.ms = performance.now() - started - at;
    call.status = answer?.status ?? 0;
    if (answer) send(outgoing, incoming.method, answer);
    else incoming.socket.resetAndDestroy();
  }

  async function decide(identity: Identity, body: string, upstream: () => Promise<Answer>) {
    const verdict = rules.judge(identity, body);
    const latency = verdict.latency + (options.latency ?? 0);
    if (latency > 0) await sleep(latency);
    const carryOut = () =>
      upstream().finally(() => {
        for (const tell of verdict.carriedOut) tell();
      });
    if (verdict.after) await carryOut();
    if (verdict.reset) return undefined;
    if (verdict.answer && !verdict.error) {
      const content = Buffer.from(JSON.stringify(verdict.answer(body)));
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: content,
      };
    }
    if (!verdict.error) {
      const answer = await carryOut().catch(() => undefined);
      for (const rewrite of verdict.rewrites) {
        if (answer) answer.body = Buffer.from(rewrite(answer.body.toString()));
      }
      return answer;
    }
    return { status: verdict.error.status, ...wireError(identity.protocol, verdict.error) };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    started,
    calls,
    inject: (rule) => rules.add(rule),
    clear() {
      rules.clear();
      calls.length = 0;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}

async function forward(endpoint: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { expect: _answered, 'transfer-encoding': _read, ...headers } = incoming.headers;
  const outgoing = request(new URL(incoming.url ?? '/', endpoint), {
    method: incoming.method,
    headers: { ...headers, 'content-length': String(body.length) },
    agent: false,
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 502,
    headers: response.headers,
    body: await read(response),
  };
}

function send(outgoing: ServerResponse, method: string | undefined, answer: Answer): void {
  const { connection: _theirs, 'transfer-encoding': _encoding, ...headers } = answer.headers;
  const length = method === 'HEAD' ? {} : { 'content-length': String(answer.body.length) };
  outgoing.writeHead(answer.status, { ...headers, ...length });
  outgoing.end(method === 'HEAD' ? undefined : answer.body);
}
