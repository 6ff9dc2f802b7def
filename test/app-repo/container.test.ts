import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsClients, startEmulator } from '../support/emulator.ts';
import { scaffold } from './support/app-repo.ts';
import { addNode, newRoot, newStore, whyNoContainers } from './support/containers.ts';

const IMAGE = 'localhost/app:dev';
const why = whyNoContainers();

/** Writes an app, like one of Next.js in that its build makes .next, which is served. */
async function writeApp(folder: string): Promise<void> {
  await scaffold('digital-apps', folder);
  const files = {
    'package.json': {
      name: 'small',
      scripts: { build: 'node build.js', start: 'node server.js' },
      dependencies: { greeting: 'file:./packages/greeting' },
      devDependencies: { builder: 'file:./packages/builder' },
    },
    'packages/greeting/package.json': { name: 'greeting', version: '1.0.0' },
    'packages/greeting/index.js': `module.exports = 'hello';`,
    'packages/builder/package.json': { name: 'builder', version: '1.0.0' },
    'packages/builder/index.js': `
      const { mkdirSync, writeFileSync } = require('node:fs');
      mkdirSync('.next/cache', { recursive: true });
      writeFileSync('.next/BUILD_ID', process.env.NODE_ENV);`,
    'build.js': `require('builder');`,
    'server.js': `
      const { existsSync, readFileSync } = require('node:fs');
      const server = require('node:http').createServer((request, response) => {
        if (request.url === '/admin/ok') return response.end('ok');
        response.end(JSON.stringify({
          greeting: require('greeting'),
          mode: process.env.NODE_ENV,
          build: readFileSync('.next/BUILD_ID', 'utf8'),
          user: process.getuid(),
          settings: existsSync('.env') ? readFileSync('.env', 'utf8') : null,
        }));
      });
      server.listen(process.env.PORT || 3000);
      setTimeout(() => process.exit(), 60_000).unref();
      process.on('SIGTERM', () => { console.log('closing'); server.close(); });`,
    // None of these may reach the image.
    '.env': 'SECRET=1',
    'packages/greeting/.env.local': 'SECRET=1',
    'key.pem': 'SECRET',
    '.git/config': '',
    'node_modules/greeting/index.js': `module.exports = 'from this machine';`,
    '.next/stale': '',
  };
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(folder, file), text);
  }
  await execa('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: folder });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(why)(`the image of an app${why ? ` (skipped: ${why})` : ''}`, () => {
  let store: Awaited<ReturnType<typeof newStore>>;
  let folder: string;

  beforeAll(async () => {
    store = await newStore();
    folder = await mkdtemp(join(tmpdir(), 'digital-apps-image-'));
    await newRoot(join(folder, 'root'));
    await addNode(join(folder, 'root'));
    await store.import(join(folder, 'root'), 'localhost/node');
    await mkdir(join(folder, 'app'));
    await writeApp(join(folder, 'app'));
    await store.build(join(folder, 'app'), IMAGE, 'localhost/node');
  }, 180_000); // 15 s where nothing else runs

  afterAll(async () => {
    await store?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts the app, asks it what it is once it answers, and stops it. */
  async function ask(command: string[], env: Record<string, string>) {
    const port = await freePort();
    const { stop, ended } = await store.start(IMAGE, command, { ...env, PORT: String(port) });
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    await expect.poll(() => get('/admin/ok').catch(() => ''), { timeout: 20_000 }).toBe('ok');
    const answer = JSON.parse(await get('/'));
    stop();
    return { answer, said: (await ended).all };
  }

  test('answers with the local run: no entrypoint, npm start', async () => {
    const { answer } = await ask(['npm', 'start'], { NODE_ENV: 'production' });
    expect(answer).toEqual({
      ...{ greeting: 'hello', mode: 'production', build: 'production', user: 1000 },
      settings: null,
    });
  });

  test('fetches .env from S3 by its entrypoint', async () => {
    const emulator = await startEmulator();
    const { s3 } = awsClients(emulator.endpoint, 'us-east-1');
    await s3.send(new CreateBucketCommand({ Bucket: 'cob-config' }));
    await s3.send(new PutObjectCommand({ Bucket: 'cob-config', Key: 'app/.env', Body: 'A=1\n' }));
    const { Entrypoint, Cmd } = await store.config(IMAGE);
    const env = {
      AWS_S3_CONFIG_URL: 's3://cob-config/app/.env',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: emulator.endpoint,
    };
    const { answer, said } = await ask([...Entrypoint, ...Cmd], env);
    await emulator.stop();
    expect(said).toContain('entrypoint.sh: wrote .env from s3://cob-config/app/.env');
    expect(answer).toMatchObject({ settings: 'A=1\n', user: 1000 });
  });

  test('does not start in ECS without its settings', async () => {
    const { Entrypoint, Cmd } = await store.config(IMAGE);
    const { ended } = await store.start(IMAGE, [...Entrypoint, ...Cmd]);
    const { all, exitCode } = await ended;
    expect(all).toContain('entrypoint.sh: AWS_S3_CONFIG_URL is not set.');
    expect(exitCode).not.toBe(0);
  });

  test('holds what the app needs to run, and no secret', async () => {
    const list = 'ls -A . .next node_modules packages/greeting; ls -ld .';
    const { stdout } = await (await store.start(IMAGE, ['sh', '-c', list])).ended;
    const names = stdout.split(/\s+/);
    expect(names).toEqual(expect.arrayContaining(['server.js', 'BUILD_ID', 'greeting', 'deploy']));
    for (const name of ['.env', '.env.local', 'key.pem', '.git', 'stale', 'cache']) {
      expect(names).not.toContain(name);
    }
    expect(stdout).toMatch(/node_modules:\n(\.package-lock\.json\n)?greeting\n\n/);
    expect(stdout).toMatch(/ node node .* \.$/);
    const { User, Env } = await store.config(IMAGE);
    expect(User).toBe('node');
    expect(Env).toContain('NODE_ENV=production');
  });

  test('lets the app hear that it is to stop', async () => {
    // As the first process of a container npm gets the signal, and the app only what npm hands on.
    const { Env } = await store.config(IMAGE);
    const env = Object.fromEntries(Env.map((line) => line.split(/=(.*)/s)));
    const port = await freePort();
    const cwd = join(folder, 'app');
    await execa('npm', ['ci'], { cwd });
    await execa('npm', ['run', 'build'], { cwd });
    const running = execa('npm', ['start'], {
      env: { ...env, PATH: process.env.PATH, HOME: folder, PORT: String(port) },
      ...{ cwd, extendEnv: false, reject: false },
    });
    const url = `http://127.0.0.1:${port}/admin/ok`;
    const answers = () => fetch(url).catch(() => ({ ok: false }));
    await expect.poll(answers, { timeout: 20_000 }).toMatchObject({ ok: true });
    running.kill('SIGTERM');
    expect((await running).stdout).toMatch(/\nclosing$/);
  });
});
