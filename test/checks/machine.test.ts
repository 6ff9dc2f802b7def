import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Looking } from '../../src/checks/check.ts';
import { machineChecks } from '../../src/checks/machine.ts';

let bin: string;
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'digital-apps-bin-'));
  const tool = (name: string, script: string) =>
    writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await tool('aws', 'echo aws-cli/2.31.0');
  await tool('docker', 'exit 0');
  await tool('git', 'echo "xcrun: error: invalid active developer path" >&2; exit 1');
  await tool('ssh-add', 'exit 2');
  vi.stubEnv('PATH', bin);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(bin, { recursive: true });
});

async function look(id: string) {
  const { signal } = new AbortController();
  const check = machineChecks.find((each) => each.id === id)!;
  return check.look({ signal } as Looking);
}

test('A tool that works, one that is broken and one that is not running are told apart', async () => {
  expect(await look('machine.aws-cli')).toMatchObject({ status: 'pass' });
  expect(await look('machine.git')).toMatchObject({
    status: 'warn',
    evidence: 'git does not work: xcrun: error: invalid active developer path',
  });
  expect(await look('machine.ssh-agent')).toMatchObject({
    status: 'skip',
    evidence: 'No ssh-agent runs here.',
  });
  await rm(join(bin, 'aws'));
  expect(await look('machine.aws-cli')).toMatchObject({ status: 'skip' });
});

test('Docker that does not run is no finding: nothing but a deploy from here needs it', async () => {
  await writeFile(
    join(bin, 'docker'),
    '#!/bin/sh\necho "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." >&2; exit 1\n',
  );
  expect(await look('machine.docker')).toMatchObject({
    status: 'skip',
    evidence:
      'Docker is installed but not running: nothing answers at unix:///var/run/docker.sock.',
    fix: expect.stringContaining('systemctl start docker'),
  });
});

test('A tool that hangs, and will not be ended, holds nobody up', async () => {
  await writeFile(join(bin, 'docker'), "#!/bin/sh\ntrap '' TERM; /bin/sleep 30 & wait\n");
  const begun = performance.now();
  const verdict = await look('machine.docker');
  expect(verdict).toMatchObject({ status: 'skip', evidence: 'docker gave no answer within 5 s.' });
  expect(performance.now() - begun).toBeLessThan(10_000);
});
