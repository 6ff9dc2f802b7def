import { expect, test } from 'vitest';
import { httpsListener } from '../../../src/tasks/cluster/listeners.ts';

const RECOMMENDED = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09';

test.each([
  [undefined, RECOMMENDED],
  ['ELBSecurityPolicy-2016-08', RECOMMENDED],
  ['ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06', RECOMMENDED],
  ['ELBSecurityPolicy-TLS13-1-3-PQ-2025-09', 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09'],
  ['ELBSecurityPolicy-TLS14-2031-01', 'ELBSecurityPolicy-TLS14-2031-01'],
])('of the TLS policy %s init-cluster makes %s', (tlsPolicy, becomes) => {
  const live = { id: 'arn', otherwise: 'fixed-response 503', tlsPolicy };
  const env = { answers: { certificate: 'arn' } } as never;
  expect(httpsListener.wanted(env, {} as never, live).tlsPolicy).toBe(becomes);
});
