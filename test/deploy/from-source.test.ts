import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ListImagesCommand } from '@aws-sdk/client-ecr';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newRoot } from '../app-repo/support/containers.ts';
import { newDocker, type TestDocker } from '../support/docker.ts';
import { PROGRAM, SECRET } from '../support/program.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { type DeployWorld, newDeployWorld } from './deploy-world.ts';
import { DOCKERFILE, whyNoImages } from './image-world.ts';

const why = await whyNoImages();

describe.skipIf(why)(`a build on Travis CI${why ? ` (skipped: ${why})` : ''}`, () => {
  let world: DeployWorld;
  let registry: Registry;
  let docker: TestDocker;
  let env: Record<string, string>;
  let build = 0;

  beforeAll(async () => {
    world = await newDeployWorld('pools');
    registry = await startRegistry(world.emulator.endpoint);
    docker = await newDocker();
    const { machine, dir } = world;
    await newRoot(join(dir, 'root'));
    await writeFile(join(dir, 'deploy/Dockerfile'), DOCKERFILE);
    await writeFile(join(dir, '.dockerignore'), '');
    await writeFile(join(dir, 'index.txt'), 'one');
    const git = (...args: string[]) => execa('git', ['-C', dir, ...args], { env: AUTHOR });
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'An app');
    env = {
      ...machine.env,
      ...world.globals,
      AWS_ECS_SERVICE_NAME: 'pools',
      AWS_EC2_TARGET_GROUP_ARN: await world.targetGroup(),
      AWS_ECS_REGISTRY: registry.host,
      DOCKER_CONFIG: docker.config,
      PATH: [await npxIn(machine.home), docker.bin, machine.env.PATH].join(delimiter),
      TRAVIS: 'true',
      CI: 'true',
    };
  }, 180_000);
  afterAll(async () => {
    await docker?.remove(registry.host);
    await registry?.stop();
    await world?.stop();
  });
  beforeEach(() => {
    world.faults.clear();
    registry.clear();
  });

  /** What .travis.yml starts, in a clone of what was pushed. */
  async function travis() {
    build += 1;
    const { stdout: commit } = await execa('git', ['-C', world.dir, 'rev-parse', 'HEAD']);
    const own = { ...env, TRAVIS_BUILD_NUMBER: String(build), TRAVIS_COMMIT: commit };
    world.faults.calls.length = 0;
    const ran = await execa(process.execPath, [join(world.dir, 'deploy/ecs-deploy.js')], {
      ...{ env: own, extendEnv: false, all: true, reject: false, stdin: 'ignore' },
    });
    for (const secret of [SECRET, registry.password]) expect(ran.all).not.toContain(secret);
    return { ...ran, said: ran.all, tag: `${build}-${commit.slice(0, 7)}` };
  }

  const image = async () => (await world.running()).containerDefinitions![0]!.image;

  test('builds, pushes and deploys, with what is long folded away', async () => {
    const { exitCode, said, tag } = await travis();
    expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
    expect(said).toMatch(/travis_fold:start:build[\s\S]+travis_fold:end:build/);
    expect(said).toMatch(/travis_fold:start:push[\s\S]+travis_fold:end:push/);
    expect(said.match(/travis_fold:\w+:\w+/g)).toHaveLength(4);
    expect(said).toMatch(/pools:1 is deployed: 1 running and healthy/);
    expect(await image()).toBe(`${registry.host}/digital-apps/pools:${tag}`);
    expect(await world.health()).toEqual(['healthy']);
    const { imageIds } = await world.aws.ecr.send(
      new ListImagesCommand({ repositoryName: 'digital-apps/pools' }),
    );
    expect(imageIds!.map(({ imageTag }) => imageTag).sort()).toEqual([tag, 'latest'].sort());
  });

  test('of the same code again changes nothing', async () => {
    const before = await image();
    const { exitCode, said } = await travis();
    expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
    expect(said).toMatch(/pools:1 ran already: 1 running and healthy; \d+ calls \(0 changing\)/);
    expect(await image()).toBe(before);
  });

  test('of other code deploys that', async () => {
    await writeFile(join(world.dir, 'index.txt'), 'two');
    const { exitCode, said, tag } = await travis();
    expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
    expect(said).toContain('pools:2 is deployed');
    expect(await image()).toBe(`${registry.host}/digital-apps/pools:${tag}`);
  });

  test('that is started again deploys what it has built now, under the same tag', async () => {
    await writeFile(join(world.dir, 'index.txt'), 'two, as of today');
    build -= 1;
    const { exitCode, said, tag } = await travis();
    expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
    expect(said).toContain('pools:2 is deployed');
    expect(world.changing()).toContain('UpdateService');
    expect(await image()).toBe(`${registry.host}/digital-apps/pools:${tag}`);
  });

  test('whose push breaks leaves what runs, and the next one deploys', async () => {
    await writeFile(join(world.dir, 'index.txt'), 'three');
    registry.inject({ method: /PUT/, path: /\/manifests\//, with: 503 });
    const { exitCode, said } = await travis();
    expect(exitCode).toBe(1);
    expect(said).toContain('Not deployed: docker push failed');
    expect((await world.running()).revision).toBe(2);
    registry.clear();
    const again = await travis();
    expect({ exitCode: again.exitCode, said: again.said }).toMatchObject({ exitCode: 0 });
    expect((await world.running()).revision).toBe(3);
  });

  test('without a Dockerfile says so where it is seen, and not in what is folded away', async () => {
    const file = join(world.dir, 'deploy/Dockerfile');
    await rm(file);
    const { exitCode, said } = await travis();
    await writeFile(file, DOCKERFILE);
    expect(exitCode).toBe(2);
    expect(said).toMatch(/travis_fold:end:build[\s\S]+There is no deploy\/Dockerfile/);
  });

  test('whose credentials have expired says so', async () => {
    world.faults.inject({
      operation: 'GetCallerIdentity',
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    });
    const { exitCode, said } = await travis();
    expect(exitCode).toBe(2);
    expect(said).toMatch(/expired/);
    expect(said).not.toContain('travis_fold');
  });
});

const AUTHOR = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.gov',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.gov',
};

/** An npx that has the program already, instead of fetching it. */
async function npxIn(home: string): Promise<string> {
  const bin = await mkdtemp(join(home, 'npx-'));
  const script = `#!/bin/sh\nshift 2\nexec ${process.execPath} ${PROGRAM} "$@"\n`;
  await writeFile(join(bin, 'npx'), script);
  await chmod(join(bin, 'npx'), 0o755);
  return bin;
}
