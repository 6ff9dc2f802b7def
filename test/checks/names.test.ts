import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leadsTo } from '../../src/checks/lookups/names.ts';

const BALANCER = 'apps-1.us-east-2.elb.amazonaws.com';
const A = 1;
const CNAME = 5;

/** By name: its addresses, or the name that it stands for. */
const RECORDS: Record<string, string[] | string> = {
  [BALANCER]: ['192.0.2.10', '192.0.2.11'],
  'alias.example.gov': ['192.0.2.11'],
  'cname.example.gov': BALANCER,
  'elsewhere.example.gov': ['198.51.100.1'],
};

let server: Socket;
let servers: string[];
beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (query, { port, address }) => server.send(answer(query), port, address));
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  servers = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
});
afterAll(() => void server.close());

/** As RFC 1035 has it, for one question. */
function answer(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const record = RECORDS[labels.join('.').toLowerCase()];
  const found = datasOf(record, type);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(record ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  const answers = found.map((data) => {
    const start = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
    return Buffer.concat([start, data]);
  });
  return Buffer.concat([header, query.subarray(12, at + 5), ...answers]);
}

function datasOf(record: string[] | string | undefined, type: number): Buffer[] {
  if (Array.isArray(record)) {
    return type === A ? record.map((address) => Buffer.from(address.split('.').map(Number))) : [];
  }
  if (!record || type !== CNAME) return [];
  const labels = record.split('.').map((label) => String.fromCharCode(label.length) + label);
  return [Buffer.from(`${labels.join('')}\0`, 'latin1')];
}

test.for([
  ['alias.example.gov', true, ['192.0.2.11']],
  ['cname.example.gov', true, []],
  ['elsewhere.example.gov', false, ['198.51.100.1']],
  ['nowhere.example.gov', false, []],
] as const)('%s leads to the load balancer: %s', async ([host, isThere, addresses]) => {
  expect(await leadsTo(host, [BALANCER], servers)).toEqual({ isThere, addresses });
});

test('A resolver that does not answer is not taken for a name that is not there', async () => {
  const silent = createSocket('udp4');
  silent.bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const there = [`127.0.0.1:${(silent.address() as AddressInfo).port}`];
  await expect(leadsTo('alias.example.gov', [BALANCER], there)).rejects.toThrow();
  silent.close();
}, 30_000);
