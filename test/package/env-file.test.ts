import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newMachine } from '../support/program.ts';

test('a .env that is given for an app does not become our own environment', async () => {
  const machine = await newMachine('http://127.0.0.1:1', { AWS_REGION: undefined });
  onTestFinished(machine.remove);
  const file = join(machine.home, 'production.env');
  await writeFile(file, 'AWS_REGION=eu-west-1\n');
  const { stderr } = await machine.run('add-app', '--yes', '--repo', 'a/b', '--env-file', file);
  expect(stderr).toContain('No Region is named.');
});
