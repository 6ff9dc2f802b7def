import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { serverDirectory } from '../../src/sandbox/paths.ts';
import { findPython } from '../../src/sandbox/python.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'digital-apps-python-'));
  vi.stubEnv('DIGITAL_APPS_PYTHON', '');
  vi.stubEnv('DIGITAL_APPS_CACHE', join(directory, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

/** A python3 on PATH that is a shell script. */
async function fakePython(script: string, path = join(directory, 'python3')): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('PATH', `${directory}:/usr/bin:/bin`);
}

const without = (moto: string | null) =>
  `echo '${JSON.stringify({ python: [3, 12], moto, missing: [] })}'`;
const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message, fix } = error as UserError;
  expect(message).not.toContain('\n');
  return { message, fix };
};

describe('says in a sentence that', () => {
  test('there is no Python', async () => {
    vi.stubEnv('PATH', directory);
    expect(await failure(findPython(directory))).toEqual({
      message: 'The sandbox needs Python, and there is no python3 here.',
      fix: expect.stringContaining('DIGITAL_APPS_PYTHON'),
    });
  });

  test('it is too old', async () => {
    await fakePython(`echo '{"python": [3, 8], "moto": null, "missing": []}'`);
    const { message } = await failure(findPython(directory));
    expect(message).toBe('The sandbox needs Python 3.10 or newer, and python3 is 3.8.');
  });

  test('it does not run', async () => {
    await fakePython('echo "xcode-select: no developer tools were found" >&2; exit 1');
    const { message } = await failure(findPython(directory));
    expect(message).toBe('python3 does not run: xcode-select: no developer tools were found');
  });

  test('it cannot make virtual environments', async () => {
    await fakePython(
      `case "$2" in *check.py) ${without(null)};; *) echo "No module named ensurepip" >&2; exit 3;; esac`,
    );
    const said: string[] = [];
    const { message, fix } = await failure(
      findPython(directory, { onProgress: (sentence) => said.push(sentence) }),
    );
    expect(message).toBe('python3 cannot make virtual environments: No module named ensurepip');
    expect(fix).toContain('python3-venv');
    expect(said).toEqual(['Installing the local AWS (once, about a minute)…']);
  });

  test('pip has no network', async () => {
    await fakePython(
      `case "$2" in *check.py) ${without('4.2.0')};; *) echo "WARNING: retrying" >&2; echo "ERROR: No matching distribution found for moto" >&2; exit 1;; esac`,
    );
    const { message } = await failure(findPython(directory));
    expect(message).toBe(
      'pip could not install the local AWS: No matching distribution found for moto',
    );
  });

  test('the server did not come up', async () => {
    await fakePython(`case "$2" in *check.py) ${without('5.2.1')};; *) exit 1;; esac`);
    expect(await failure(startSandbox())).toEqual({
      message: 'The local AWS did not come up.',
      fix: expect.stringContaining(join(directory, 'cache', 'sandbox', 'log')),
    });
  });
});

describe('takes', () => {
  test('a Python that has moto', async () => {
    await fakePython(without('5.2.9'));
    expect(await findPython(directory)).toBe('python3');
  });

  test('the one that is named', async () => {
    const named = join(directory, 'mine');
    await fakePython(without('5.2.1'), named);
    vi.stubEnv('DIGITAL_APPS_PYTHON', named);
    expect(await findPython(directory)).toBe(named);
  });

  test('its own when it was made before, without looking at the network', async () => {
    await fakePython(without(null));
    const own = join(directory, 'venv', 'bin', 'python');
    await mkdir(join(directory, 'venv', 'bin'), { recursive: true });
    await fakePython(without('5.2.1'), own);
    expect(await findPython(directory)).toBe(own);
  });
});

test('the server is beside the bundle, or beside its source', async () => {
  const bundle = join(directory, 'dist');
  await mkdir(join(bundle, 'sandbox-server'), { recursive: true });
  await writeFile(join(bundle, 'sandbox-server', '__main__.py'), '');
  for (const file of ['sandbox.js', 'chunks/sandbox.js']) {
    const found = serverDirectory(`file://${join(bundle, file)}`);
    expect(found).toBe(`${join(bundle, 'sandbox-server')}/`);
  }
  expect(serverDirectory()).toMatch(/src\/sandbox\/server\/$/);
});
