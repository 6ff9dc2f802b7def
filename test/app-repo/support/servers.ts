import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request whose body has been read. */
export type Request = IncomingMessage & { body: string };

export interface Server {
  port: number;
  url: string;
  requests: Request[];
}

/** An HTTP server on 127.0.0.1 that ends with the test. */
export async function serve(
  handler: (request: Request, response: ServerResponse) => void,
): Promise<Server> {
  const requests: Request[] = [];
  const server = createServer(async (message, response) => {
    const request = Object.assign(message, { body: await text(message) });
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, requests };
}

/**
 * Whether the request is signed with that secret as AWS wants it: Signature Version 4, with the host and
 * every x-amz-* header in the signature.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSigned(request: Request, secret: string): boolean {
  const authorization = request.headers.authorization ?? '';
  const match =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/;
  const [, scope, signed, signature] = match.exec(authorization) ?? [];
  if (!scope || !signed || !signature) return false;
  const names = signed.split(';');
  const due = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))];
  if (due.some((name) => !names.includes(name))) return false;

  const payload = request.headers['x-amz-content-sha256'] ?? sha256(request.body);
  const lines = names.map((name) => `${name}:${String(request.headers[name]).trim()}`);
  const canonical = [request.method, request.url, '', ...lines, '', signed, payload].join('\n');
  const time = String(request.headers['x-amz-date']);
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex') === signature;
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

function hmac(key: string | Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest();
}
