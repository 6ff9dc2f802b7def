import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeImagesCommand, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../src/deploy/image/build.ts';
import { logIn } from '../../src/deploy/image/login.ts';
import { pushImage } from '../../src/deploy/image/push.ts';
import { digestsOf } from '../../src/deploy/image/repository.ts';
import { checkDocker } from '../../src/docker.ts';
import { Interrupted, StepFailed, UserError } from '../../src/errors.ts';
import { SECRET } from '../support/program.ts';
import {
  DOCKERFILE,
  type ImageWorld,
  listener,
  newImageWorld,
  whyNoImages,
} from './image-world.ts';

const PASSWORD = '123456789012-auth-token';
const why = await whyNoImages();

describe.skipIf(why)(`an image${why ? ` (skipped: ${why})` : ''}`, () => {
  let world: ImageWorld;
  /** All that was told. */
  const told: string[] = [];

  beforeAll(async () => {
    world = await newImageWorld();
  }, 120_000);
  afterAll(() => world?.stop());
  afterEach(async () => {
    world.registry.clear();
    world.faults.clear();
    await world.docker.forgetCalls();
    await world.write('deploy/Dockerfile', DOCKERFILE);
  });

  function listening(signal?: AbortSignal) {
    const to = listener(signal);
    return {
      ...to,
      tell(line: string) {
        to.lines.push(line);
        told.push(line);
      },
    };
  }

  async function build(tag: string) {
    const to = listening();
    const docker = await checkDocker(to.signal);
    await buildImage(docker, world.repository, { dir: world.dir, tag }, to);
    return to.lines;
  }

  async function push(tag: string, to = listening()) {
    return { ...(await pushImage(world.aws, world.repository, tag, to)), lines: to.lines };
  }

  const pushed = async (imageTag: string) => {
    const { imageDetails } = await world.clients.ecr.send(
      new DescribeImagesCommand({
        repositoryName: world.repository.repository,
        imageIds: [{ imageTag }],
      }),
    );
    return imageDetails![0]!.imageDigest;
  };

  test('is built and pushed at first, where there is no last one', async () => {
    await logIn(world.aws, world.registry.host, listening());
    const lines = await build('1-abc');
    expect(lines.join('\n')).not.toMatch(/using cache|cached/i);
    const { digest, remark } = await push('1-abc');
    expect(remark).toBeUndefined();
    expect(await pushed('1-abc')).toBe(digest);
    expect(await pushed('latest')).toBe(digest);
    expect(await world.docker.calls()).toContainEqual(
      `login --username AWS --password-stdin ${world.registry.host}`,
    );
  });

  test('takes over the layers of the last one, and pushes those alone that changed', async () => {
    await world.write('index.txt', '1');
    const lines = await build('2-abc');
    expect(lines.join('\n').match(/using cache|cached/gi)).toHaveLength(2);
    const image = `${world.registry.host}/digital/parks`;
    expect(await world.docker.calls()).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^build --file deploy/Dockerfile --tag ${image}:2-abc --tag ${image}:latest --cache-from ${image}:latest --build-arg BUILDKIT_INLINE_CACHE=1 (--load )?\\.$`,
        ),
      ),
    );
    world.registry.clear();
    const { digest } = await push('2-abc');
    const layers = world.registry.answered.filter((line) => /^201 PUT .*\/blobs\//.test(line));
    // The one layer, and the image's config.
    expect(layers).toHaveLength(2);
    expect(await pushed('2-abc')).toBe(digest);
    expect(await pushed('latest')).toBe(digest);
    expect(await pushed('1-abc')).not.toBe(digest);
  });

  test('is not built where a command in its Dockerfile fails, and its words are kept', async () => {
    await world.write('deploy/Dockerfile', `${DOCKERFILE}\nRUN echo no such parks >&2; exit 3`);
    const error = await build('3-abc').catch((caught) => caught);
    expect(error).toBeInstanceOf(StepFailed);
    expect(error.message).toMatch(/^docker build failed\.\n/);
    expect(error.message).toContain('no such parks');
  });

  test('is not built where a file is missing, or the Dockerfile', async () => {
    await world.write('deploy/Dockerfile', `${DOCKERFILE}\nCOPY nothing.txt /`);
    await expect(build('3-abc')).rejects.toThrow(/nothing\.txt/);
    const dir = join(world.dir, 'root');
    const building = buildImage(
      { version: '', platform: '' },
      world.repository,
      { dir, tag: '1' },
      listening(),
    );
    await expect(building).rejects.toThrow(`There is no deploy/Dockerfile in ${dir}.`);
    await expect(building).rejects.toBeInstanceOf(UserError);
  });

  test('arrives though the connection breaks in the middle of a layer', async () => {
    await world.write('index.txt', '4');
    await build('4-abc');
    world.registry.inject({
      method: /PATCH|PUT/,
      path: /\/blobs\/uploads\//,
      times: 1,
      with: 'reset',
    });
    const { digest } = await push('4-abc');
    expect(await pushed('4-abc')).toBe(digest);
  });

  test('is given up where the registry stays unwell, with what docker said last', async () => {
    await world.write('index.txt', '5');
    await build('5-abc');
    world.registry.inject({ method: /PUT/, path: /\/manifests\//, with: 503 });
    const error = await push('5-abc').catch((caught) => caught);
    expect(error).toBeInstanceOf(StepFailed);
    expect(error.message).toMatch(/^docker push failed\.\n.*503/s);
    const pushes = (await world.docker.calls()).filter((call) => call.startsWith('push'));
    expect(pushes).toHaveLength(3);
    await expect(pushed('5-abc')).rejects.toThrow(/not exist|not found/);
  });

  test('is pushed with a new password where the old one expired while it was built', async () => {
    world.registry.password = 'another-auth-token';
    const authorizationToken = Buffer.from('AWS:another-auth-token').toString('base64');
    world.faults.inject({
      operation: 'GetAuthorizationToken',
      rewrite: () => JSON.stringify({ authorizationData: [{ authorizationToken }] }),
    });
    const { digest, lines } = await push('5-abc');
    expect(lines).toContain('The registry wants a new password.');
    expect(await pushed('5-abc')).toBe(digest);

    world.registry.password = 'nobody-knows-it';
    await expect(push('5-abc')).rejects.toThrow(
      `docker could not log in to ${world.registry.host}: it does not take the password`,
    );
    world.registry.password = PASSWORD;
    await logIn(world.aws, world.registry.host, listening());
  });

  test('cannot be pushed with credentials that have expired, which AWS says', async () => {
    world.faults.inject({
      operation: 'GetAuthorizationToken',
      code: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    });
    await expect(logIn(world.aws, world.registry.host, listening())).rejects.toMatchObject({
      name: 'StepFailed',
      message: `ECR gave no password for ${world.registry.host}: ExpiredTokenException: The security token included in the request is expired.`,
      fix: expect.stringContaining('aws sso login'),
    });
    expect(await world.docker.calls()).toEqual([]);
  });

  test('has no place without a repository, which add-app makes', async () => {
    const repository = { registry: world.registry.host, repository: 'digital/none' };
    const to = listening();
    await buildImage(
      await checkDocker(to.signal),
      repository,
      { dir: world.dir, tag: '1-abc' },
      to,
    );
    await expect(pushImage(world.aws, repository, '1-abc', to)).rejects.toMatchObject({
      message: expect.stringContaining('there is no repository digital/none in the registry.'),
      fix: 'digital-apps add-app makes it.',
    });
  });

  describe('in a repository whose tags are immutable', () => {
    beforeAll(async () => {
      const repositoryName = world.repository.repository;
      await world.clients.ecr.send(
        new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }),
      );
    });

    test('is what is there already, where it is the same', async () => {
      const { digest } = await push('5-abc');
      expect(digest).toBe(await pushed('5-abc'));
    });

    test('is deployed though it cannot become “latest”', async () => {
      await world.write('index.txt', '6');
      await build('6-abc');
      const { digest, remark } = await push('6-abc');
      expect(await pushed('6-abc')).toBe(digest);
      expect(await pushed('latest')).not.toBe(digest);
      expect(remark).toMatch(/^The image could not be pushed as “latest” too, .+ is immutable/);
    });

    test('is not what is there, where it is another', async () => {
      await world.write('index.txt', '5, again');
      await build('5-abc');
      const image = `${world.registry.host}/digital/parks:5-abc`;
      await expect(push('5-abc')).rejects.toMatchObject({
        message: `${image} is there already and is another image, and the repository lets no tag be used twice.`,
        fix: expect.stringContaining(`--image ${image}`),
      });
    });
  });

  test('is known by its digest where it is ours', async () => {
    const image = `${world.registry.host}/digital/parks`;
    const digests = (name: string) => digestsOf(world.aws, world.repository, name);
    const digest = await pushed('5-abc');
    expect(await digests(`${image}:5-abc`)).toEqual([digest]);
    expect(await digests(`${image}@${digest}`)).toEqual([digest]);
    expect(await digests(`${image}:8-abc`)).toEqual([]);
    expect(await digests(`${world.registry.host}/digital/none:5-abc`)).toEqual([]);
    expect(await digests('nginx')).toEqual([]);
  });

  test('is given up when one asks for it, and docker ends', async () => {
    await world.write('index.txt', '7');
    await build('7-abc');
    world.registry.inject({ method: /PATCH|PUT/, path: /\/blobs\/uploads\//, with: 'hold' });
    const stop = new AbortController();
    const pushing = push('7-abc', listening(stop.signal));
    setTimeout(() => stop.abort(), 1_000);
    await expect(pushing).rejects.toBeInstanceOf(Interrupted);
    const running = async () => (await execa('ps', ['-Ao', 'args'])).stdout;
    await expect.poll(running).not.toContain('/digital/parks:7-abc');
  });

  test('takes no secret along', async () => {
    const seen = [told, await world.docker.environment(), await files(join(world.home, 'tmp'))];
    const { journal } = world.aws.connection;
    seen.push(await readFile(journal.file, 'utf8'));
    const [lines, environment, ...kept] = seen.map((each) => JSON.stringify(each));
    expect(told.length).toBeGreaterThan(100);
    for (const secret of [PASSWORD, 'another-auth-token', btoa(`AWS:${PASSWORD}`)]) {
      for (const place of [lines, environment, ...kept]) expect(place).not.toContain(secret);
    }
    expect(lines).not.toContain(SECRET);
    expect(kept.join()).not.toContain(SECRET);
  });
});

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile());
  return Promise.all(found.map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
}
