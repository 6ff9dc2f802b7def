import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { SECRET } from '../../support/program.ts';

const { document, stderr, home, changingCalls } = inject('made');

describe('the document', () => {
  test('has its fields, and those of each resource', () => {
    expect(Object.keys(document).sort()).toEqual(
      [
        ...['account', 'calls', 'command', 'endpoint', 'notes', 'outputs', 'region', 'resources'],
        ...['seconds', 'attention'],
      ].sort(),
    );
    expect(document).toMatchObject({
      command: 'init-cluster',
      account: '123456789012',
      region: 'us-east-2',
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      seconds: expect.any(Number),
    });
    for (const resource of document.resources) {
      expect(Object.keys(resource).sort()).toEqual(['action', 'id', 'name', 'seconds', 'section']);
    }
  });

  test('counts the calls as they were on the wire', () => {
    expect(document.calls.changing).toBe(changingCalls);
    expect(document.calls.total).toBeGreaterThan(changingCalls);
  });

  test('lists everything made, by the guide’s sections, and what was waited for', () => {
    const sections = [...new Set(document.resources.map(({ section }) => section))];
    expect(sections).toEqual([
      'S3 > Bucket',
      'CloudWatch > Log Group',
      'VPC > Virtual Private Cloud (VPC)',
      'VPC > Security Groups',
      'IAM > Roles',
      'IAM > Users',
      'IAM > Policies',
      'ECS > Cluster',
      'EC2 > Key Pair',
      'EC2 > Launch Template',
      'EC2 > Autoscaling Group',
      'EC2 > Load Balancer',
      'Verification',
    ]);
    const waited = document.resources.filter(({ section }) => section === 'Verification');
    expect(waited.map(({ name, action, id }) => [name, action, id])).toEqual([
      ['Instances in the cluster', 'keep', '2 connected'],
      ['Load balancer answers', 'keep', '503 Service Unavailable'],
    ]);
    const others = document.resources.filter(({ section }) => section !== 'Verification');
    expect(new Set(others.map(({ action }) => action))).toEqual(new Set(['create']));
  });

  test('has the guide’s eight variables', () => {
    expect(document.outputs).toEqual({
      AWS_CLOUDWATCH_LOGS_GROUP: 'digitalApps',
      AWS_DEFAULT_REGION: 'us-east-2',
      AWS_ECS_CLUSTER: 'digitalApps',
      AWS_ECS_REGISTRY: '123456789012.dkr.ecr.us-east-2.amazonaws.com',
      AWS_ECS_REPOSITORY_NAMESPACE: 'digital-apps',
      AWS_ECS_SERVICE_ROLE_ARN: 'arn:aws:iam::123456789012:role/digitalAppsServiceRole',
      AWS_ECS_TASK_ROLE_ARN: 'arn:aws:iam::123456789012:role/digitalAppsTaskRole',
      AWS_S3_CONFIG_BUCKET: 'cob-digital-apps-config',
    });
  });
});

describe('what is shown on the way', () => {
  test('says where, and that it is not AWS', () => {
    expect(stderr).toMatch(/Account +123456789012/);
    expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:\d+.+not AWS/);
  });

  test('says what is waited for and how long that takes', () => {
    expect(stderr).toMatch(/Instances in the cluster +\d of 2 joined, usually 2–4 min/);
  });

  test('ends with the variables, the address and the key’s file', () => {
    expect(stderr).toContain('AWS_S3_CONFIG_BUCKET=cob-digital-apps-config');
    expect(stderr).toMatch(/The load balancer’s address: http:\/\/digitalApps-/);
    expect(stderr).toContain(`The private key is ${home}/.ssh/digitalApps.pem (mode 0600)`);
  });
});

describe('the log file', async () => {
  const folder = join(home, 'state/digital-apps');
  const [name = ''] = await readdir(folder);
  const text = await readFile(join(folder, name), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

  test('is one a run, for the person alone', async () => {
    expect(await readdir(folder)).toHaveLength(1);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  test('has a line for each call', () => {
    expect(lines).toHaveLength(document.calls.total);
    for (const line of lines) {
      expect(line).toMatchObject({
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        service: expect.any(String),
        operation: expect.stringMatching(/^[A-Z][A-Za-z0-9]+$/),
        milliseconds: expect.any(Number),
        attempts: expect.any(Number),
      });
    }
    expect(lines.filter(({ operation }) => operation === 'CreateVpc')).toHaveLength(1);
  });

  test('holds no secret, and neither does anything shown', async () => {
    const pem = await readFile(join(home, '.ssh/digitalApps.pem'), 'utf8');
    const secrets = [SECRET, 'PRIVATE KEY', ...pem.split('\n').slice(1, -2)];
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(stderr).not.toContain(secret);
      expect(JSON.stringify(document)).not.toContain(secret);
    }
  });
});
