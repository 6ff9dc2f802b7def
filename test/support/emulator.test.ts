import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CreateVpcCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { awsClients, startEmulator } from './emulator.ts';

test('takes many calls at once, settings it knows, and a reset', async () => {
  const emulator = await startEmulator({ agentsDelay: 5 });
  const { ec2, iam } = awsClients(emulator.endpoint);
  const calls = Array.from({ length: 20 }, () => [
    ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })),
    ec2.send(new DescribeVpcsCommand({})),
    iam.send(new ListRolesCommand({})),
  ]).flat();
  const answers = await Promise.all(calls);
  expect(answers.every((each) => each.$metadata.attempts === 1)).toBe(true);

  const settings = await emulator.settings({ agents: false, agents_delay: 1 });
  expect(settings).toMatchObject({ agents: false, agents_delay: 1 });
  await expect(emulator.settings({ agent: true } as object)).rejects.toThrow('no such setting');

  await emulator.reset();
  expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
  expect(await emulator.settings({})).toMatchObject({ agents: true, agents_delay: 5 });
  await emulator.stop();
  await expect(fetch(emulator.endpoint)).rejects.toThrow();
});

test('ends with the process that started it, however that ends', async () => {
  const script = `
    import { startEmulator } from '${new URL('./emulator.ts', import.meta.url)}';
    console.log((await startEmulator()).endpoint);
    setInterval(() => {}, 1e6);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const identity = () => fetch(`${line.toString().trim()}/digital-apps/sandbox`);
  expect((await identity()).status).toBe(200);
  parent.kill('SIGKILL');
  await expect.poll(() => identity().catch(() => 'gone'), { timeout: 5_000 }).toBe('gone');
});
