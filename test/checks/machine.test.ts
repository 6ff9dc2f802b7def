import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateKeyPairCommand, CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Verdict } from '../../src/checks/check.ts';
import { machineChecks, machineChecksForApps } from '../../src/checks/machine.ts';
import { obtainKey } from '../../src/tasks/cluster/lib/key-file.ts';
import { type InstancesWorld, newInstancesWorld } from './instances-world.ts';

let bin: string;
let world: InstancesWorld;
beforeAll(async () => {
  world = await newInstancesWorld();
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
  await world.stop();
  await rm(bin, { recursive: true });
});

async function look(id: string) {
  const check = [...machineChecks, ...machineChecksForApps].find((each) => each.id === id)!;
  return check.look(world.looking());
}

test('A tool that works, one that is broken and one that is not running are told apart', async () => {
  expect(await look('machine.aws-cli')).toMatchObject({ status: 'pass' });
  expect(await look('machine.git')).toMatchObject({
    status: 'warn',
    evidence: 'git does not work: xcrun: error: invalid active developer path',
  });
  await rm(join(bin, 'aws'));
  expect(await look('machine.aws-cli')).toMatchObject({ status: 'skip' });
});

test('Of ssh-agent it is told whether it has the cluster’s key', async () => {
  const said = async () => {
    const { status, evidence } = (await look('machine.ssh-agent')) as Verdict;
    return `${status}: ${evidence}`;
  };
  expect(await said()).toBe('skip: The instances have no key pair.');
  await giveKeyPair('ours');
  expect(await said()).toBe('skip: No ssh-agent runs here.');
  const agentHas = (key: string) =>
    writeFile(join(bin, 'ssh-add'), `#!/bin/sh\necho "ssh-rsa ${key} comment"\n`);
  await agentHas('AAAAother');
  vi.stubEnv('HOME', bin);
  const file = join(bin, '.ssh/ours.pem');
  expect(await said()).toBe(
    `skip: It has keys; whether that of ours cannot be told without ${file}.`,
  );
  const half = await obtainKey(file);
  expect(await said()).toBe(`skip: It has other keys: ssh-add ${file}`);
  await agentHas(half.split(' ')[1]!);
  expect(await said()).toBe('pass: It has the key of ours.');
});

/** To the instances that are started from now on. */
async function giveKeyPair(KeyName: string) {
  await world.aws.ec2.send(new CreateKeyPairCommand({ KeyName }));
  const template = { LaunchTemplateName: 'digitalApps', Version: '$Latest' };
  await world.aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      ...{ LaunchTemplateName: template.LaunchTemplateName, SourceVersion: '1' },
      LaunchTemplateData: { KeyName },
    }),
  );
  await world.aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName: 'digitalApps', LaunchTemplate: template },
    }),
  );
}

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
