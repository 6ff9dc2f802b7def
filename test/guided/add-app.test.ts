import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppWorld, newAppWorld } from '../app/world.ts';
import { keys } from '../support/keys.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { expectRestored, IN_SHELL, stepper } from './wizard.ts';

let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());

function wizard(cwd: string, env: Record<string, string> = {}): Terminal {
  return openTerminal(['add-app'], { ...IN_SHELL, cwd, env: { ...world.machine.env, ...env } });
}

test('an app is added by keys alone, from its repository', async () => {
  const dir = await world.clone('city/parks');
  world.faults.clear();
  const terminal = wizard(dir);
  const at = stepper(terminal);
  await at('could not be looked up', keys.enter);
  await at('Which repository at GitHub', keys.enter);
  await at('called in the cluster?', keys.enter);
  await at('Under which host names', '*.example.gov', keys.enter);
  await at('wildcard', keys.clear, 'parks.example.gov', keys.enter);
  await at('says that the app is well?', keys.clear, 'health', keys.enter);
  await at('“health” will not do', keys.home, '/', keys.enter);
  await at('Which certificate', keys.enter);
  await at('on to HTTPS?', 'y', keys.enter);
  await at('CloudFront', 'n', keys.enter);
  await at('gets a mail', keys.clear, 'nobody', keys.enter);
  await at('“nobody” is no address', keys.clear, 'none', keys.enter);
  await at('else is watched?', keys.enter);
  await at('images are kept?', keys.clear, '20', keys.enter);
  await at('With which access key', keys.enter);
  await at('Which .env file', keys.enter);
  await at('.gitignore?', keys.enter);
  await at('deploy script work with?', keys.enter);
  await at('Which branch', keys.enter);
  await at('to create');
  expect(world.changing()).toEqual([]);
  await expect(stat(join(dir, 'deploy'))).rejects.toThrow('ENOENT');
  await at(/./, 'a');
  await terminal.ended;

  expect(terminal.text()).toContain('AWS_ECS_SERVICE_NAME=parks');
  expect(terminal.text()).toContain('code 0');
  expectRestored(terminal);
  expect(await readFile(join(dir, '.travis.yml'), 'utf8')).toContain('branch: "develop"');
  const kept = await readFile(
    join(
      world.machine.home,
      '.local/share/digital-apps/sandbox-keys/123456789012/digital-apps/parks.env',
    ),
    'utf8',
  );
  const secret = /^AWS_SECRET_ACCESS_KEY=(.+)$/m.exec(kept)?.[1];
  expect(secret).toHaveLength(40);
  expect(terminal.raw).not.toContain(secret);
});

test('answers that were typed are kept when one leaves, for that app alone', async () => {
  const [dir, other] = [await world.clone('city/roads'), await world.clone('city/bridges')];
  const first = wizard(dir);
  const before = stepper(first);
  await before('could not be looked up', keys.enter);
  await before('Which repository at GitHub', keys.enter);
  await before('called in the cluster?', keys.clear, 'roadworks', keys.enter);
  await before('Under which host names', keys.ctrlC);
  expect(await first.ended).toBe(0);
  expect(first.text()).toContain('code 130');

  const again = wizard(dir);
  await stepper(again)('could not be looked up', keys.enter);
  await again.shows('Your answers of');
  await stepper(again)('Which repository at GitHub', keys.enter);
  await again.shows('❯ roadworks▏');
  again.close();

  const elsewhere = wizard(other);
  await stepper(elsewhere)('could not be looked up', keys.enter);
  await elsewhere.shows('city/bridges');
  expect(elsewhere.text()).not.toContain('Your answers of');
  elsewhere.close();
});
