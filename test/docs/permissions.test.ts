import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { actionsOf } from '../../scripts/permissions.ts';
import { startEmulator } from '../support/emulator.ts';
import { startFaults } from '../support/faults.ts';
import { newMachine } from '../support/program.ts';

test('the policy in docs/permissions.md allows every call of a full run and of the next', async () => {
  const emulator = await startEmulator();
  onTestFinished(emulator.stop);
  const proxy = await startFaults(emulator.endpoint);
  onTestFinished(proxy.stop);
  const machine = await newMachine(proxy.endpoint);
  onTestFinished(machine.remove);

  expect((await machine.run('init-cluster', '--yes')).exitCode).toBe(0);
  expect((await machine.run('init-cluster', '--yes')).exitCode).toBe(0);

  // The request that looks whether the load balancer answers is no call to AWS.
  const calls = proxy.calls.filter(({ service }) => service !== 'unsigned');
  const needed = calls.flatMap(({ service, operation }) => actionsOf(`${service}:${operation}`));
  expect(needed.length).toBeGreaterThan(100);
  expect([...new Set(needed)].filter((action) => !allowed().has(action))).toEqual([]);
});

function allowed(): Set<string> {
  const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const policy = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '');
  return new Set(policy.Statement.flatMap(({ Action }: { Action: string[] }) => Action));
}
