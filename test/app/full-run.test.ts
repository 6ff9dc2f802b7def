import { lstat, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import {
  DescribeListenerCertificatesCommand,
  DescribeTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGION } from '../support/clients.ts';
import { type Machine, newMachine } from '../support/program.ts';
import { appCensus, found, ONE_APP } from './found.ts';
import { type AppRun, type AppWorld, addApp, newAppWorld, textOf, withOutcomes } from './world.ts';

const SLUG = 'city/parks';
const HOST = 'parks.springfield.gov';
const ENV_FILE = '# Production\nDATABASE_URL="postgres://u:p@db/parks"\nSESSION=abc\n';

let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld({ slugs: [SLUG], zone: true });
});
afterAll(() => world.stop());

describe('one run, with a zone in the account, an .env file and a token for Travis CI', () => {
  let dir: string;
  let run: AppRun;

  beforeAll(async () => {
    dir = await world.clone(SLUG);
    const file = join(world.machine.home, 'production.env');
    await writeFile(file, ENV_FILE);
    run = await world.add(dir, '--host', HOST, '--env-file', file);
  });

  const groupArn = async () => (await found.targetGroups(world.aws, 'parks'))[0]!.TargetGroupArn!;

  test('says that all is done', async () => {
    expect(run.exitCode, run.stderr).toBe(0);
    expect(new Set(Object.values(run.outcomes))).toEqual(new Set(['create']));
    expect(run.json.notes.join('\n')).toContain('Next: push to develop');
    expect(await appCensus(world.aws, 'parks', HOST)).toEqual(ONE_APP);
  });

  test('a target group in the cluster’s VPC', async () => {
    const [group] = await found.targetGroups(world.aws, 'parks');
    const { VpcId } = await found.loadBalancer(world.aws);
    expect(group).toMatchObject({
      ...{ VpcId, Protocol: 'HTTP', TargetType: 'instance', HealthCheckPath: '/admin/ok' },
    });
    const { Attributes } = await world.aws.elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group!.TargetGroupArn }),
    );
    expect(Attributes).toContainEqual({
      ...{ Key: 'deregistration_delay.timeout_seconds', Value: '30' },
    });
  });

  test.each([80, 443])('a rule at port %i that sends the host to it', async (port) => {
    const [rule] = await found.rules(world.aws, 'parks', port);
    expect(rule).toMatchObject({
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [HOST] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: await groupArn() }],
    });
  });

  test('an issued certificate at the HTTPS listener', async () => {
    const [CertificateArn] = await found.certificates(world.aws, 'parks');
    const { Certificate } = await world.aws.acm.send(
      new DescribeCertificateCommand({ CertificateArn }),
    );
    expect(Certificate).toMatchObject({ DomainName: HOST, Status: 'ISSUED' });
    const ListenerArn = await found.listener(world.aws, 443);
    const { Certificates } = await world.aws.elb.send(
      new DescribeListenerCertificatesCommand({ ListenerArn }),
    );
    expect(Certificates?.map((each) => each.CertificateArn)).toContain(CertificateArn);
  });

  test('a name in DNS that is an alias of the load balancer', async () => {
    const { DNSName, CanonicalHostedZoneId } = await found.loadBalancer(world.aws);
    const records = await found.records(world.aws, HOST);
    const [host] = records.filter(({ Name }) => Name === `${HOST}.`);
    expect(host).toMatchObject({ Type: 'A', AliasTarget: { HostedZoneId: CanonicalHostedZoneId } });
    expect(host?.AliasTarget?.DNSName?.toLowerCase()).toContain(DNSName!.toLowerCase());
  });

  test('a repository for images that keeps the newest', async () => {
    const [repository] = await found.repositories(world.aws, 'parks');
    expect(repository).toMatchObject({
      repositoryName: 'digital-apps/parks',
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
    const { lifecyclePolicyText } = await world.aws.ecr.send(
      new GetLifecyclePolicyCommand({ repositoryName: 'digital-apps/parks' }),
    );
    expect(JSON.parse(lifecyclePolicyText!).rules).toMatchObject([
      {
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 },
        action: { type: 'expire' },
      },
    ]);
  });

  test('a distribution that asks the host and keeps what the app says', async () => {
    const [policy] = await found.cachePolicies(world.aws);
    expect(policy?.CachePolicyConfig).toMatchObject({
      ...{ MinTTL: 0, DefaultTTL: 0 },
      ParametersInCacheKeyAndForwardedToOrigin: {
        HeadersConfig: { HeaderBehavior: 'none' },
        CookiesConfig: { CookieBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'all' },
      },
    });
    const { config } = await found.distributionConfig(world.aws, 'parks');
    const origin = config.Origins!.Items![0]!;
    expect(config).toMatchObject({
      ...{ Comment: 'parks', Enabled: true, PriceClass: 'PriceClass_100' },
      ...{ HttpVersion: 'http2and3', IsIPV6Enabled: true },
      Origins: { Quantity: 1 },
      DefaultCacheBehavior: {
        ...{ TargetOriginId: origin.Id, Compress: true },
        ViewerProtocolPolicy: 'redirect-to-https',
        CachePolicyId: policy!.Id,
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      },
    });
    expect(config.DefaultCacheBehavior?.AllowedMethods?.Items?.toSorted()).toEqual([
      ...['GET', 'HEAD', 'OPTIONS'],
    ]);
    expect(origin).toMatchObject({
      DomainName: HOST,
      CustomOriginConfig: {
        ...{ HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
        OriginSslProtocols: { Items: ['TLSv1.2'] },
      },
    });
  });

  test('the .env file, encrypted, with the distribution’s address and all else byte for byte', async () => {
    const [distribution] = await found.distributions(world.aws, 'parks');
    const object = await world.aws.s3.send(
      new GetObjectCommand({ Bucket: 'cob-digital-apps-config', Key: 'parks/.env' }),
    );
    expect(object.ServerSideEncryption).toBe('AES256');
    expect(await object.Body!.transformToString()).toBe(
      `${ENV_FILE}NEXT_ASSET_PREFIX=https://${distribution!.DomainName}\n`,
    );
  });

  test('the files of the app, which are the person’s to commit', async () => {
    const paths = [
      ...['deploy/Dockerfile', 'deploy/docker-compose.yml', 'deploy/entrypoint.sh'],
      ...['deploy/ecs-deploy.js', 'deploy/.gitattributes', '.dockerignore'],
      ...['.travis.yml', '.gitignore'],
    ];
    for (const path of paths) expect((await lstat(join(dir, path))).isFile(), path).toBe(true);
    expect((await stat(join(dir, 'deploy/entrypoint.sh'))).mode & 0o111).toBe(0o111);
    expect(await textOf(dir, '.gitignore')).toBe('.env\n');
    expect(await textOf(dir, '.travis.yml')).toContain('branch: "develop"');
    const { stdout } = await execa('git', ['-C', dir, 'status', '--short', '-uall']);
    expect(stdout.split('\n').sort()).toEqual(
      [...paths, 'package.json'].map((path) => `?? ${path}`).sort(),
    );
    expect(run.json.notes).toContainEqual(`To commit: git add ${paths.join(' ')}`);
  });

  test('the variables at Travis CI, with the secret of a key that works', async () => {
    const [key] = await found.keysOf(world.aws, 'parks');
    expect(key).toMatchObject({ user: 'digitalTravis', active: true });
    const variables = world.travis.variables(SLUG);
    const values = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
    const { AWS_SECRET_ACCESS_KEY: secret, ...shown } = values;
    expect(shown).toEqual({
      AWS_ACCESS_KEY_ID: key!.id,
      AWS_CLOUDWATCH_LOGS_GROUP: 'digitalApps',
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_TARGET_GROUP_ARN: await groupArn(),
      AWS_ECS_CLUSTER: 'digitalApps',
      AWS_ECS_REGISTRY: `123456789012.dkr.ecr.${REGION}.amazonaws.com`,
      AWS_ECS_REPOSITORY_NAMESPACE: 'digital-apps',
      AWS_ECS_SERVICE_NAME: 'parks',
      AWS_ECS_SERVICE_ROLE_ARN: 'arn:aws:iam::123456789012:role/digitalAppsServiceRole',
      AWS_ECS_TASK_ROLE_ARN: 'arn:aws:iam::123456789012:role/digitalAppsTaskRole',
      AWS_S3_CONFIG_BUCKET: 'cob-digital-apps-config',
    });
    expect(run.json.outputs).toEqual(shown);
    expect(variables.filter((each) => !each.public).map(({ name }) => name)).toEqual([
      'AWS_SECRET_ACCESS_KEY',
    ]);
    expect(variables.filter(({ branch }) => branch !== null)).toEqual([]);
    const sts = new STSClient({
      ...{ endpoint: world.emulator.endpoint, region: REGION },
      credentials: { accessKeyId: key!.id, secretAccessKey: secret! },
    });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:iam::123456789012:user/digitalTravis');
  });
});

describe('one run without a zone, a CDN or a token', () => {
  const host = 'roads.elsewhere.us';
  let machine: Machine;
  let dir: string;
  let run: AppRun;
  let keyFile: string;

  beforeAll(async () => {
    machine = await newMachine(world.faults.endpoint);
    dir = await world.clone('city/roads', machine);
    run = withOutcomes(await machine.run(...addApp(dir, '--host', host, '--no-cdn')));
    keyFile = /The secret access key is in (\S+) /.exec(run.json.notes.join('\n'))?.[1] ?? '';
  });
  afterAll(() => machine.remove());

  const outputs = async () => {
    const [key] = await found.keysOf(world.aws, 'roads');
    const [group] = await found.targetGroups(world.aws, 'roads');
    return [
      ['AWS_CLOUDWATCH_LOGS_GROUP', 'digitalApps'],
      ['AWS_DEFAULT_REGION', REGION],
      ['AWS_ECS_CLUSTER', 'digitalApps'],
      ['AWS_ECS_REGISTRY', `123456789012.dkr.ecr.${REGION}.amazonaws.com`],
      ['AWS_ECS_REPOSITORY_NAMESPACE', 'digital-apps'],
      ['AWS_ECS_SERVICE_ROLE_ARN', 'arn:aws:iam::123456789012:role/digitalAppsServiceRole'],
      ['AWS_ECS_TASK_ROLE_ARN', 'arn:aws:iam::123456789012:role/digitalAppsTaskRole'],
      ['AWS_S3_CONFIG_BUCKET', 'cob-digital-apps-config'],
      ['AWS_ACCESS_KEY_ID', key!.id],
      ['AWS_EC2_TARGET_GROUP_ARN', group!.TargetGroupArn!],
      ['AWS_ECS_SERVICE_NAME', 'roads'],
    ] as const;
  };

  const linesIn = (text: string) =>
    text.split('\n').filter((line) => /travis env (set|copy)/.test(line));

  test('makes what does not wait for a certificate', async () => {
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await appCensus(world.aws, 'roads', host)).toEqual({
      ...ONE_APP,
      ...{ httpsRules: 0, distributions: 0, hostRecords: 0, otherRecords: 0, objects: 0 },
    });
    expect(run.json.outputs).toEqual(Object.fromEntries(await outputs()));
  });

  test('names the records to ask for', async () => {
    const { DNSName } = await found.loadBalancer(world.aws);
    const [CertificateArn] = await found.certificates(world.aws, 'roads');
    const { Certificate } = await world.aws.acm.send(
      new DescribeCertificateCommand({ CertificateArn }),
    );
    const { Name, Value } = Certificate!.DomainValidationOptions![0]!.ResourceRecord!;
    const bare = (name: string) => name.replace(/\.$/, '');
    const records = run.json.notes.filter((note) => note.startsWith('Ask those'));
    expect(records.map((note) => note.split('\n')[1])).toEqual([
      `${bare(Name!)}  CNAME  ${bare(Value!)}`,
      `${host}  CNAME  ${DNSName}`,
    ]);
  });

  test('prints the lines that set the variables, and the secret in none of them', async () => {
    expect(linesIn(run.stderr).map((line) => line.trim())).toEqual([
      ...(await outputs()).map(
        ([name, value]) => `travis env set ${name} ${value} --public --com -r city/roads`,
      ),
      `(AWS_SECRET_ACCESS_KEY="$(grep '^AWS_SECRET_ACCESS_KEY=' ${keyFile})" && export AWS_SECRET_ACCESS_KEY="\${AWS_SECRET_ACCESS_KEY#*=}" && travis env copy AWS_SECRET_ACCESS_KEY --private --com -r city/roads)`,
    ]);
  });

  test('keeps the secret in a file of mode 0600, and prints it when it is asked to', async () => {
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    const secret = /^AWS_SECRET_ACCESS_KEY=(\S{40})$/m.exec(await readFile(keyFile, 'utf8'))![1]!;
    expect(run.stdout + run.stderr).not.toContain(secret);
    const shown = await machine.run(...addApp(dir, '--no-cdn', '--show-secrets'));
    expect(shown.exitCode, shown.stderr).toBe(0);
    const line = linesIn(shown.stderr).at(-1)!.trim();
    expect(line).toMatch(
      /^travis env set AWS_SECRET_ACCESS_KEY \S+ --private --com -r city\/roads$/,
    );
    // As a shell reads it.
    const { stdout } = await execa('sh', ['-c', `travis() { printf '%s' "$4"; }; ${line}`]);
    expect(stdout).toBe(secret);
    expect(shown.stdout).not.toContain(secret);
  });
});
