import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { find, TEMPLATES, temporaryFolder } from './support/app-repo.ts';
import { type Answer, record } from './support/recorder.ts';

const SCRIPT = join(TEMPLATES, 'ecs-cli/deploy/install-ecs-cli.sh');
const PROGRAM = '#!/bin/sh\necho ecs-cli version 1.21.0\n';
const serves = `fs.writeFileSync(call.args[call.args.indexOf('--output') + 1], ${JSON.stringify(PROGRAM)})`;
const LINUX = { to: '-s', stdout: 'Linux\n' };
const URL = 'https://amazon-ecs-cli.s3.amazonaws.com/ecs-cli-linux-amd64-v1.21.0';

interface Run {
  shell?: string[];
  home: string;
  /** The script, where it is not the one of the templates. */
  script?: string;
  curl?: Answer;
  uname?: Answer[];
}

async function install({ shell = ['sh'], home, script = SCRIPT, curl, uname }: Run) {
  const recorder = await record({
    curl: [curl ?? { does: serves }],
    uname: uname ?? [LINUX, { to: '-m', stdout: 'x86_64\n' }],
  });
  const ran = await execa(shell[0]!, [...shell.slice(1), script], {
    env: { PATH: [recorder.bin, process.env.PATH].join(delimiter), HOME: home },
    ...{ extendEnv: false, reject: false, stdin: 'ignore' },
  });
  const calls = (await recorder.calls()).filter(({ program }) => program === 'curl');
  return { ...ran, fetched: calls.map(({ args }) => args.at(-1)) };
}

/** The script with the checksum of what the stand-in for curl serves. */
async function newScript(): Promise<string> {
  const script = join(await temporaryFolder(), 'install-ecs-cli.sh');
  const checksum = createHash('sha256').update(PROGRAM).digest('hex');
  const text = await readFile(SCRIPT, 'utf8');
  await writeFile(script, text.replaceAll(/checksum=\w{64}/g, `checksum=${checksum}`));
  return script;
}

describe.each([{ shell: ['dash'] }, { shell: ['busybox', 'sh'] }])('under $shell', ({ shell }) => {
  test.skipIf(!find(shell[0]!))(
    'installs the program once, and again when it was changed',
    async () => {
      const home = await temporaryFolder();
      const script = await newScript();
      const program = join(home, '.local/bin/ecs-cli');

      const first = await install({ shell, home, script });
      expect(first).toMatchObject({ exitCode: 0, stderr: '', fetched: [URL] });
      expect(first.stdout).toBe(`ecs-cli 1.21.0 is installed: ${program}`);
      expect((await stat(program)).mode & 0o777).toBe(0o755);
      expect((await execa(program)).stdout).toBe('ecs-cli version 1.21.0');
      expect(await readdir(join(home, '.local/bin'))).toEqual(['ecs-cli']);

      await chmod(program, 0o644);
      const second = await install({ shell, home, script });
      expect(second).toMatchObject({ exitCode: 0, fetched: [] });
      expect(second.stdout).toBe(`ecs-cli 1.21.0 is there already: ${program}`);
      await execa(program);

      await writeFile(program, 'an older one');
      expect((await install({ shell, home, script })).fetched).toEqual([URL]);
      expect(await readFile(program, 'utf8')).toBe(PROGRAM);
    },
  );
});

test('takes nothing that has another checksum', async () => {
  const home = await temporaryFolder();
  const { exitCode, stderr } = await install({ home });
  expect(stderr).toMatch(
    /^install-ecs-cli\.sh: https:\S+ is not what it was .* checksum is not \w{64}\.$/,
  );
  expect(exitCode).toBe(1);
  expect(await readdir(join(home, '.local/bin'))).toEqual([]);
});

test('fails with the download', async () => {
  const home = await temporaryFolder();
  expect(await install({ home, curl: { exitCode: 22 } })).toMatchObject({ exitCode: 22 });
  expect(await readdir(join(home, '.local/bin'))).toEqual([]);
});

test('takes the program for macOS there', async () => {
  const uname = [{ to: '-s', stdout: 'Darwin\n' }, { stdout: 'arm64\n' }];
  const { fetched } = await install({ home: await temporaryFolder(), uname });
  expect(fetched).toEqual([URL.replace('linux', 'darwin')]);
});

test('says where there is no program whose checksum is known', async () => {
  const uname = [LINUX, { stdout: 'aarch64\n' }];
  const { exitCode, stderr, fetched } = await install({ home: await temporaryFolder(), uname });
  expect(stderr).toBe(
    'install-ecs-cli.sh: there is no ecs-cli for Linux on aarch64 whose checksum is known.',
  );
  expect({ exitCode, fetched }).toEqual({ exitCode: 1, fetched: [] });
});
