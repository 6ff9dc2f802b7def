import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sandboxDirectory } from '../../src/sandbox/paths.ts';
import { findPython } from '../../src/sandbox/python.ts';
import { type Machine, newMachine } from '../support/program.ts';

let machine: Machine;
let dir: string;

beforeAll(async () => {
  machine = await newMachine(undefined, {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    DIGITAL_APPS_PYTHON: await findPython(await sandboxDirectory()),
  });
  dir = join(machine.home, 'permits');
  await mkdir(dir);
  await writeFile(join(dir, 'package.json'), '{"name":"permits","scripts":{"start":"node ."}}');
  const git = execa({ cwd: dir });
  await git`git init --quiet --initial-branch production`;
  await git`git remote add origin git@github.com:city/permits.git`;
});
afterAll(async () => {
  await machine.run('sandbox', 'stop');
  await machine.remove();
});

/** What it says, to whom it went well. */
async function say(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await machine.run(...args, '--sandbox');
  expect({ exitCode, said: stdout + stderr }).toEqual({ exitCode: 0, said: expect.any(String) });
  return stdout + stderr;
}

test('without an AWS account, all of it can be seen in the sandbox', async () => {
  await say('init-cluster', '--yes');

  const added = await say('add-app', '--yes', '--dir', dir, '--host', 'permits.example.gov');
  expect(added).toContain('npx digital-apps deploy --sandbox');
  expect(added).not.toContain('push to');

  expect(await say('deploy', '--dir', dir)).toContain('permits:1 is deployed');
  expect(await say('status')).toMatch(/permits .*1\/1/);
  expect(await say('cleanup', 'permits', '--yes')).toContain('permits');
  expect(await say('deploy', '--dir', dir)).toContain('unchanged');

  await writeFile(join(dir, 'index.js'), 'console.log("a change");');
  expect(await say('deploy', '--dir', dir)).toContain('permits:2 is deployed');
}, 180_000);
