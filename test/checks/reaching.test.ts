import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Aws } from '../../src/aws/clients.ts';
import { Journal } from '../../src/aws/journal.ts';
import { reach } from '../../src/aws/probe.ts';
import type { Looking } from '../../src/checks/check.ts';
import { credentialsChecks } from '../../src/checks/credentials.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function stageOf(url: string): Promise<string> {
  const reached = await reach(url);
  return 'stage' in reached ? reached.stage : String(reached.status);
}

test('How far a request came is told: DNS, TCP, TLS, HTTP', async () => {
  const web = await listening(createServer((_request, response) => response.writeHead(404).end()));
  const mute = await listening(
    createTcpServer((socket) => void socket.once('data', () => socket.destroy())),
  );
  const closed = await listening(createTcpServer());
  await new Promise((resolve) => open.pop()!.close(resolve));
  expect(await stageOf('http://no-such-host.invalid/')).toBe('DNS');
  expect(await stageOf(`http://127.0.0.1:${closed}/`)).toBe('TCP');
  expect(await stageOf(`https://127.0.0.1:${web}/`)).toBe('TLS');
  expect(await stageOf(`http://127.0.0.1:${mute}/`)).toBe('HTTP');
  expect(await stageOf(`http://127.0.0.1:${web}/`)).toBe('404');
  expect(await stageOf(`http://localhost:${closed}/`)).toBe('TCP');
});

test('Who waits in vain is told so, as by the system itself', async () => {
  const silent = await listening(createTcpServer((socket) => void socket.resume()));
  expect(await reach(`http://127.0.0.1:${silent}/`)).toMatchObject({
    ...{ stage: 'HTTP', error: { code: 'ETIMEDOUT' } },
  });
}, 10_000);

test.for([
  [0, 'pass'],
  [-120, 'warn'],
  [3600, 'fail'],
] as const)('A clock that is %i s off AWS’s is a %s', async ([seconds, status]) => {
  const port = await listening(
    createServer((_request, response) => {
      const date = new Date(Date.now() - seconds * 1000).toUTCString();
      response.writeHead(200, { 'content-type': 'text/xml', date });
      response.end(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/test</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    }),
  );
  const aws = new Aws({
    ...{ region: 'us-east-2', endpoint: `http://127.0.0.1:${port}` },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    journal: new Journal('/dev/null'),
    signal: new AbortController().signal,
  });
  const clock = credentialsChecks.find(({ id }) => id === 'credentials.clock')!;
  expect(await clock.look({ aws } as Looking)).toMatchObject({ status });
});
