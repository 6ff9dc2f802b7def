import { request as plain } from 'node:http';
import { request as encrypted } from 'node:https';
import { isIP, type Socket } from 'node:net';

/** What a request passes through, in this order. */
type Stage = 'DNS' | 'TCP' | 'TLS' | 'HTTP';

/** What a URL answers; or how far the request came, and what it failed by. */
export type Reached =
  | { status: number; location?: string }
  | { stage: Stage; error: NodeJS.ErrnoException };

interface Reaching {
  /** Of an emulator no name is in DNS: there the emulator itself is asked, by that Host. */
  emulator?: string;
  /** Whether any certificate will do. */
  anyCertificate?: boolean;
}

/** In milliseconds. */
const PATIENCE = 5_000;
/** What the system calls it, where it loses patience first. */
const LATE = Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });

/** Asks for a URL once, and follows no redirect. Never rejects. */
export function reach(url: string, { emulator, anyCertificate }: Reaching = {}): Promise<Reached> {
  const { protocol, host, pathname, hostname } = new URL(url);
  const target = emulator ? new URL(pathname, emulator) : new URL(url);
  const isEncrypted = target.protocol === 'https:';
  const request = isEncrypted ? encrypted : plain;
  const forwarded = emulator ? { 'x-forwarded-proto': protocol.slice(0, -1) } : {};
  let stage: Stage = isIP(hostname) ? 'TCP' : 'DNS';
  const patience = AbortSignal.timeout(PATIENCE);
  return new Promise((resolve) => {
    const asked = request(
      target,
      {
        ...{ headers: { host, ...forwarded }, agent: false, rejectUnauthorized: !anyCertificate },
        signal: patience,
      },
      (response) => {
        response.destroy();
        resolve({ status: response.statusCode!, location: response.headers.location });
      },
    );
    asked.on('socket', (socket: Socket) => {
      socket.on('lookup', (error) => {
        if (!error) stage = 'TCP';
      });
      socket.on('connect', () => {
        stage = isEncrypted ? 'TLS' : 'HTTP';
      });
      socket.on('secureConnect', () => {
        stage = 'HTTP';
      });
    });
    asked.on('error', (error) => resolve({ stage, error: patience.aborted ? LATE : error }));
    asked.end();
  });
}

/** The status that a host answers GET / over HTTP with; undefined when it does not answer within 5 s. */
export async function probe(host: string, emulator?: string): Promise<number | undefined> {
  const reached = await reach(`http://${host}/`, { emulator });
  return 'status' in reached ? reached.status : undefined;
}
