import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { find, scaffold, TEMPLATES, templateFiles, temporaryFolder } from './support/app-repo.ts';

const files = await templateFiles();
const scripts = files.filter((file) => file.endsWith('.sh'));
const read = (file: string) => readFileSync(join(TEMPLATES, file), 'utf8');

test('are these', () => {
  expect(files).toEqual([
    'common/.dockerignore',
    'common/deploy/.gitattributes',
    'common/deploy/Dockerfile',
    'common/deploy/docker-compose.yml',
    'common/deploy/entrypoint.sh',
    'digital-apps/.travis.yml',
    'digital-apps/deploy/ecs-deploy.js',
    'ecs-cli/.travis.yml',
    'ecs-cli/deploy/ecs-deploy.js',
    'ecs-cli/deploy/install-ecs-cli.sh',
  ]);
});

test.each(files)(
  '%s says what it is for, in plain ASCII and with no placeholder but ours',
  (file) => {
    const text = read(file);
    const first = text.replace(/^#!.*\n/, '').split('\n')[0];
    expect(first).toMatch(/^(#|\/\/) [A-Z]/);
    expect(text).toMatch(/^[\n\x20-\x7e]+\n$/);
    const placeholders = text.match(/\{\{.*?\}\}/g) ?? [];
    const ours = file.endsWith('.travis.yml')
      ? ['{{BRANCH}}']
      : file === 'digital-apps/deploy/ecs-deploy.js'
        ? ['{{VERSION}}']
        : [];
    expect(placeholders).toEqual(ours);
  },
);

describe('shell scripts', () => {
  test.skipIf(!find('shellcheck')).each(scripts)('%s satisfies shellcheck', async (script) => {
    const { stdout } = await execa('shellcheck', [join(TEMPLATES, script)], { reject: false });
    expect(stdout).toBe('');
  });

  describe.each([['dash'], ['busybox', 'sh']])('%s', (shell, ...words) => {
    test.skipIf(!find(shell)).each(scripts)('reads %s', async (script) => {
      await execa(shell, [...words.filter(Boolean), '-n', join(TEMPLATES, script)]);
    });
  });

  test.skipIf(!find('git')).each(scripts)(
    '%s can be executed, which Travis does',
    async (script) => {
      const { stdout } = await execa('git', ['ls-files', '--stage', script], { cwd: TEMPLATES });
      expect(stdout).toMatch(/^100755/);
    },
  );
});

test.skipIf(!find('hadolint'))('Dockerfile satisfies hadolint', async () => {
  // Which version of curl Debian has is Debian's matter (DL3008).
  await execa('hadolint', ['--ignore', 'DL3008', join(TEMPLATES, 'common/deploy/Dockerfile')]);
});

describe('docker-compose.yml', () => {
  const variables = {
    AWS_CLOUDWATCH_LOGS_GROUP: 'digitalApps',
    AWS_DEFAULT_REGION: 'us-east-2',
    AWS_ECS_IMAGE: '1.dkr.ecr.us-east-2.amazonaws.com/digital/app-1:42-abcdef1',
    AWS_ECS_SERVICE_NAME: 'app-1',
    AWS_S3_CONFIG_BUCKET: 'cob-config',
  };
  const file = 'common/deploy/docker-compose.yml';

  test('takes from the environment these variables alone', () => {
    const names = [...read(file).matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]);
    expect([...new Set(names)].sort()).toEqual(Object.keys(variables));
  });

  test('is in the version that ecs-cli reads, with the keys that it knows', () => {
    const { version, services, ...more } = parse(read(file));
    expect({ version, more }).toEqual({ version: '2', more: {} });
    const known = ['image', 'ports', 'mem_limit', 'environment', 'logging'];
    expect(Object.keys(services.app)).toEqual(known);
  });

  test.skipIf(!find('docker-compose'))('is understood by docker-compose', async () => {
    const { stdout } = await execa('docker-compose', ['-f', join(TEMPLATES, file), 'config'], {
      env: variables,
    });
    const { app } = parse(stdout).services;
    expect(app).toMatchObject({
      image: variables.AWS_ECS_IMAGE,
      ports: [expect.objectContaining({ target: 3000 })],
      mem_limit: expect.anything(),
      environment: {
        NODE_ENV: 'production',
        AWS_REGION: 'us-east-2',
        AWS_DEFAULT_REGION: 'us-east-2',
        AWS_S3_CONFIG_URL: 's3://cob-config/app-1/.env',
      },
      logging: {
        driver: 'awslogs',
        options: {
          'awslogs-group': 'digitalApps',
          'awslogs-region': 'us-east-2',
          'awslogs-stream-prefix': 'app-1',
        },
      },
    });
  });
});

describe('.travis.yml', () => {
  const deploy = {
    provider: 'script',
    script: 'node ./deploy/ecs-deploy.js',
    on: { branch: 'develop' },
  };

  test.each([
    ['digital-apps', undefined],
    ['ecs-cli', ['./deploy/install-ecs-cli.sh']],
  ] as const)('deploys with %s', async (flavour, before) => {
    const folder = await temporaryFolder();
    await scaffold(flavour, folder);
    const travis = parse(readFileSync(join(folder, '.travis.yml'), 'utf8'));
    expect(travis).toMatchObject({ language: 'node_js', services: 'docker', deploy });
    expect(travis.before_deploy).toEqual(before);
  });
});
