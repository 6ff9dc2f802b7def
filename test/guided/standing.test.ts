import { expect, test } from 'vitest';
import { allBut } from '../support/answers.ts';
import { keys } from '../support/keys.ts';
import { stepper, usePlace } from './wizard.ts';

const place = usePlace();
const ON = keys.enter;

test('of a cluster that stands, its own network and key pair are offered, and no new ones', async () => {
  const { exitCode } = await place.machine.run('init-cluster', '--yes', '--no-wait');
  expect(exitCode).toBe(0);

  const terminal = place.open(
    [...allBut('vpc', 'vpc-cidr', 'zones', 'key-pair', 'max'), '--set', 'max=5'],
    { columns: 100 },
  );
  const at = stepper(terminal);
  await at('go on', ON);
  await at(/❯ digitalApps, the cluster’s own +vpc-\w+ +10\.20\.0\.0\/16/);
  expect(terminal.text()).not.toContain('Make a new one');
  await at('Which network', ON);
  await at('✔ digitalApps, the cluster’s own');
  await at('❯ 10.20.0.0/16  as it stands; AWS cannot change it', ON);
  await at('In which zones?', ON);
  await at('❯ digitalApps, the cluster’s own');
  expect(terminal.text()).not.toContain('Make a new one');
  await at('Which key pair', ON);
  await at('1 to change');
  await at(/Network +its own, 10\.20\.0\.0\/16/);
  await at('key pair: its own', 'e');
  await at(/vpc +digitalApps, the cluster’s own/);
  await at(/key-pair +digitalApps, the cluster’s own/, keys.escape);
  await at('1 to change', 'a');
  await at('Type digitalApps to go ahead:', 'yes', ON);
  await at('“yes” is not digitalApps: nothing was done yet.', keys.clear, ON);
  await at('It takes the word digitalApps: nothing was done yet.', 'digitalApps');
  const agreed = performance.now();
  await at('❯ digitalApps▏', ON);
  expect(await terminal.ended).toBe(0);
  const seconds = Number(/Done.* calls .*, ([\d.]+) s\./.exec(terminal.text())?.[1]);
  expect(seconds).toBeLessThan((performance.now() - agreed) / 1000 + 0.1);
  expect(terminal.text()).toContain('1 changed');
  expect(place.changes()).toContain('UpdateAutoScalingGroup');
});
