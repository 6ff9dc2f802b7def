import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pushImage } from '../support/recorded/images.ts';
import { openTerminal } from '../support/terminal.ts';
import { type DeployWorld, IMAGE, newDeployWorld } from './deploy-world.ts';

let world: DeployWorld;

beforeAll(async () => {
  world = await newDeployWorld('parks');
});
afterAll(() => world.stop());

/** The guide's variables, as Travis CI has them. */
function variables(): Record<string, string> {
  return { ...world.globals, AWS_ECS_SERVICE_NAME: 'parks', AWS_EC2_TARGET_GROUP_ARN: group };
}

let group: string;

describe('an app', () => {
  test('is looked at before its first deploy, and nothing is changed', async () => {
    const { exitCode, stderr, document } = await world.deploy('--image', IMAGE, '--dry-run');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('The first deploy of parks: its service would be created.');
    expect(document).toMatchObject({ result: 'dryRun', changes: [], calls: { changing: 0 } });
    expect(world.changing()).toEqual([]);
  });

  test('is put into service on its target group, and healthy when it is said to be', async () => {
    const { exitCode, stderr, document } = await world.deploy('--image', IMAGE);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(document).toMatchObject({
      ...{ schema: 1, cluster: 'digitalApps', service: 'parks', image: IMAGE },
      ...{ result: 'deployed', taskDefinition: 'parks:1', unchanged: false },
      remarks: [
        'The alarm digital-apps/parks/healthy-hosts watches that a container of it is well.',
      ],
    });
    const { loadBalancers, runningCount, status } = await world.service();
    group = loadBalancers![0]!.targetGroupArn!;
    expect({ runningCount, status }).toEqual({ runningCount: 1, status: 'ACTIVE' });
    expect(loadBalancers).toMatchObject([{ containerName: 'app', containerPort: 3000 }]);
    expect(await world.health()).toEqual(['healthy']);
    const { containerDefinitions, taskRoleArn } = await world.running();
    expect(taskRoleArn).toBe(world.globals.AWS_ECS_TASK_ROLE_ARN);
    expect(containerDefinitions).toMatchObject([
      {
        ...{ name: 'app', image: IMAGE, memory: 512 },
        environment: expect.arrayContaining([
          { name: 'AWS_S3_CONFIG_URL', value: expect.stringMatching(/^s3:.*\/parks\/\.env$/) },
        ]),
      },
    ]);
  });

  test('is seen by status, with the room that there is for more of it', async () => {
    const { stdout } = await world.machine.run('status', '--json');
    const [app] = JSON.parse(stdout).apps;
    expect(app).toMatchObject({ service: 'parks', version: '1.29', alarm: 'OK' });
    expect(app).toMatchObject({ targets: { healthy: 1, total: 1 }, room: expect.any(Number) });
  });

  test('that has not changed is left as it is', async () => {
    const { exitCode, document } = await world.deploy('--image', IMAGE);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      ...{ result: 'deployed', taskDefinition: 'parks:1', unchanged: true },
      calls: { changing: 0 },
    });
    expect(world.changing()).toEqual([]);
  });

  test('is shown field by field what would change', async () => {
    await world.compose('mem_limit: 512m', 'mem_limit: 640m');
    const { document, stderr } = await world.deploy('--image', IMAGE, '--dry-run');
    expect(document.changes).toEqual([{ field: 'app.memory', from: 512, to: 640 }]);
    expect(stderr).toContain('app.memory: 512 → 640');
  });

  test('is deployed from variables alone, with the calls of the deploy policy', async () => {
    const { env } = world.machine;
    Object.assign(env, variables());
    const { exitCode, stderr, document } = await world.deploy('--image', IMAGE);
    for (const name of Object.keys(variables())) delete env[name];
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(document).toMatchObject({ before: 'parks:1', taskDefinition: 'parks:2' });
    const services = new Set(world.faults.calls.map(({ service }) => service));
    expect([...services].sort()).toEqual(['ecs', 'elasticloadbalancing', 'monitoring', 'sts']);
  });

  test('whose container ends by itself is rolled back, with the cause and what it said', async () => {
    const command = `command: ["sh", "-c", "echo no database at db:5432; exit 3"]`;
    await world.compose('mem_limit: 640m', `mem_limit: 640m\n    ${command}`);
    const { exitCode, stderr, document } = await world.deploy('--image', IMAGE);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(document).toMatchObject({ result: 'rolledBack', to: 'parks:2' });
    expect(document.tasks![0]!.reason).toContain('app exited with 3');
    expect(stderr).toContain('Not deployed: ECS has given parks:3 up');
    expect(stderr).toContain('and goes back to parks:2.');
    expect(stderr).toContain('  no database at db:5432\n');
    expect(stderr).toContain('Look further: digital-apps doctor parks');
    // What is kept is the evidence: the definition, and the log.
    expect((await world.running()).revision).toBe(2);
    await world.compose(command, '');
  });

  test('goes on being deployed when nobody watches any more', async () => {
    await world.emulator.settings({ task_delay: 3 });
    await world.compose('mem_limit: 640m', 'mem_limit: 700m');
    const args = ['deploy', '--dir', world.dir, '--image', IMAGE];
    const running = world.machine.start(...args);
    await running.says(/0 of 1 running/);
    running.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('The deployment of parks:4 goes on at AWS.');
    expect(stdout).toContain('See how it goes: digital-apps status parks --region us-east-2');
    // And can be watched again.
    const again = await world.deploy('--image', IMAGE);
    expect(again.exitCode).toBe(0);
    expect(again.document).toMatchObject({ taskDefinition: 'parks:4', unchanged: true });
    expect(await world.health()).toContain('healthy');
  });

  test('whose tag was given to another image is deployed anew, and once', async () => {
    const image = `${world.globals.AWS_ECS_REGISTRY}/digital-apps/parks:staging`;
    await pushImage(world.aws, 'digital-apps/parks', 'staging');
    const first = await world.deploy('--image', image);
    expect(first.document).toMatchObject({ result: 'deployed', unchanged: false });
    await pushImage(world.aws, 'digital-apps/parks', 'staging', 'arm64');
    const dry = await world.deploy('--image', image, '--dry-run');
    expect(dry.stderr).toContain('parks:5 would be deployed anew: its image is another one now.');
    const moved = await world.deploy('--image', 'staging');
    expect(moved.document.image).toBe(image);
    const { taskDefinition } = first.document;
    expect(moved.document).toMatchObject({ result: 'deployed', unchanged: false, taskDefinition });
    expect(world.changing()).toEqual(['UpdateService']);
    const again = await world.deploy('--image', image);
    expect(again.document).toMatchObject({ result: 'deployed', unchanged: true, taskDefinition });
    expect(world.changing()).toEqual([]);
  });

  test('waits for the deployment of somebody else, and says whose it is', async () => {
    await world.compose('mem_limit: 700m', 'mem_limit: 720m');
    const first = world.machine.start('deploy', '--dir', world.dir, '--image', IMAGE);
    await first.says(/0 of 1 running/);
    await world.compose('mem_limit: 720m', 'mem_limit: 740m');
    const [before, after] = await Promise.all([first.ended, world.deploy('--image', IMAGE)]);
    await world.emulator.settings({ task_delay: 0.2 });
    // The other one begins as soon as it is through.
    expect(before.stdout).toMatch(/parks:6 (is deployed|came through)/);
    expect(after.exitCode).toBe(0);
    expect(after.stderr).toMatch(/Waiting: another deployment: parks:6 \(image 1\.29, by /);
    expect((await world.running()).containerDefinitions![0]!.memory).toBe(740);
  });

  test('that has not changed waits, too, for what somebody else began after it was looked at', async () => {
    const [cluster, service] = ['digitalApps', 'parks'];
    const theirs = { cluster, service, taskDefinition: 'parks:2' };
    world.faults.inject({
      operation: 'DescribeTaskDefinition',
      carriedOut: () => void world.aws.ecs.send(new UpdateServiceCommand(theirs)),
    });
    world.faults.inject({ operation: 'ecs.DescribeServices', skip: 1, latency: 500 });
    const { exitCode, stderr, document } = await world.deploy('--image', IMAGE);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('Waiting: another deployment: parks:2 ');
    expect(world.changing()).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    expect(document).toMatchObject({ before: 'parks:2', taskDefinition: 'parks:8' });
    expect(stderr).toMatch(/registered .* parks:8 \(changed: app\.memory/);
    expect((await world.running()).containerDefinitions![0]!.memory).toBe(740);
  });

  test('is left at once on a second Ctrl-C, with what goes on', async () => {
    world.faults.inject({ operation: 'DescribeTargetHealth', latency: 30_000 });
    const running = world.machine.start('deploy', '--dir', world.dir, '--image', IMAGE);
    await running.says(/Putting parks:8 into service/);
    running.kill('SIGINT');
    await running.says(/No longer watching/);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.ended;
    world.faults.clear();
    expect(exitCode).toBe(130);
    expect(stderr).toContain(
      'Left at once; the deployment of parks:8 goes on at AWS: digital-apps status parks --region us-east-2 --watch.',
    );
  });

  test('whose service is scaled to 0 is not said to run', async () => {
    const scaled = { cluster: 'digitalApps', service: 'parks', desiredCount: 0 };
    await world.aws.ecs.send(new UpdateServiceCommand(scaled));
    const { exitCode, stderr, document } = await world.deploy('--image', IMAGE);
    await world.aws.ecs.send(new UpdateServiceCommand({ ...scaled, desiredCount: 1 }));
    expect([exitCode, document]).toMatchObject([0, { result: 'deployed', desired: 0 }]);
    expect(stderr).toContain(
      'parks:8 ran already: no container runs, for the service is scaled to 0;',
    );
    expect(stderr).toContain(
      'Have it run: aws ecs update-service --region us-east-2 --cluster digitalApps --service parks --desired-count 1',
    );
  });

  test('is shown in a terminal as it goes, in lines that stay', async () => {
    const terminal = openTerminal(['deploy', '--dir', world.dir, '--image', IMAGE], {
      ...{ cwd: world.machine.home, env: world.machine.env, columns: 80, rows: 24 },
    });
    expect(await terminal.ended).toBe(0);
    const text = stripVTControlCharacters(terminal.raw);
    expect(text).toContain('Putting parks:8 into service');
    expect(text).toMatch(/parks:8 ran already: 1 running and healthy/);
    expect(terminal.raw).not.toContain('\x1b[3J');
    terminal.close();
  });
});

describe('what is refused before anything is touched', () => {
  test.each([
    [['--timeout', 'soon'], /--timeout: soon is no number of minutes/],
    [['--dir', '/nowhere'], /There is no deploy\/docker-compose.yml in \/nowhere/],
    [['roads'], /The cluster digitalApps has no app roads\.\nThere is parks/],
    [['prks'], /Did you mean parks\?/],
    [['--cluster', 'other'], /There is no cluster other/],
    [['--image', 'REGISTRY/digital-apps/parks:9-gone'], /There is no image .*parks:9-gone/],
  ])('%j', async (args, says) => {
    const all = ['--image', IMAGE, ...args];
    const registry = world.globals.AWS_ECS_REGISTRY!;
    const ran = await world.deploy(...all.map((arg) => arg.replace('REGISTRY', registry)));
    const { exitCode, stderr } = ran;
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
    expect(world.changing()).toEqual([]);
  });

  test.each(['city/park', 'county/parks'])(
    'the repository %s, of which no app is',
    async (slug) => {
      const dir = await world.clone(slug);
      await cp(join(world.dir, 'deploy'), join(dir, 'deploy'), { recursive: true });
      const { exitCode, stderr } = await world.deploy('--image', IMAGE, '--dir', dir);
      expect(stderr).toContain(
        `No app was added from the repository in ${dir}. The cluster has parks.\nName the one that is meant`,
      );
      expect(exitCode).toBe(2);
      expect(world.changing()).toEqual([]);
    },
  );

  test('an app by its name in the repository of another', async () => {
    const dir = await world.clone('city/ponds');
    await cp(join(world.dir, 'deploy'), join(dir, 'deploy'), { recursive: true });
    const { exitCode, stderr } = await world.deploy('parks', '--image', IMAGE, '--dir', dir);
    expect(stderr).toContain(`parks is deployed from city/parks, and ${dir} is city/ponds.`);
    expect(exitCode).toBe(2);
    expect(world.changing()).toEqual([]);
  });

  test('an ecs-params.yml that ecs-cli read and deploy would not', async () => {
    const file = join(world.dir, 'deploy/ecs-params.yml');
    const services = '{web: {mem_limit: 1g}}';
    await writeFile(file, `version: 1\ntask_definition: {services: ${services}}\n`);
    const { exitCode, stderr } = await world.deploy('--image', IMAGE);
    await rm(file);
    expect(stderr).toContain(
      'deploy/ecs-params.yml:2: task_definition.services.web.mem_limit: only the compose file is read.',
    );
    expect(exitCode).toBe(2);
    expect(world.changing()).toEqual([]);
  });

  test('no docker', async () => {
    const { env } = world.machine;
    const path = env.PATH!;
    env.PATH = await mkdtemp(join(world.machine.home, 'nothing-'));
    const { exitCode, stderr } = await world.deploy();
    env.PATH = path;
    expect(stderr).toContain('docker is not on this machine.');
    expect(exitCode).toBe(2);
  });
});
