import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { type Machine, newMachine } from '../support/program.ts';

/** What only AWS knows to be wrong: found out by reading, before anything is changed. */

let emulator: Emulator;
let faults: Faults;
let machine: Machine;
let standing: { vpc: string; subnet: string; certificate: string };

beforeAll(async () => {
  emulator = await startEmulator();
  const { acm, ec2 } = awsClients(emulator.endpoint);
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const { CertificateArn } = await acm.send(
    new RequestCertificateCommand({ DomainName: 'apps.example.org', ValidationMethod: 'DNS' }),
  );
  await ec2.send(
    new ImportKeyPairCommand({
      KeyName: 'operators',
      PublicKeyMaterial: Buffer.from(
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
      ),
    }),
  );
  standing = {
    vpc: Vpcs![0]!.VpcId!,
    subnet: Subnets![0]!.SubnetId!,
    certificate: CertificateArn!,
  };
  await emulator.settings({ foreign_buckets: ['cob-parks-config'] });
  faults = await startFaults(emulator.endpoint);
  machine = await newMachine(faults.endpoint);
});

afterAll(async () => {
  await machine.remove();
  await faults.stop();
  await emulator.stop();
});

const noCertificate = 'arn:aws:acm:us-east-2:123456789012:certificate/0a1b2c3d';
const lateCertificate =
  'Leave it at --set certificate=none for now, and run again when it is issued.';

test.concurrent.each([
  ['instance-type=t3.smal', 'us-east-2 has no instance type t3.smal.\nDid you mean t3.small?'],
  [
    'instance-type=zz9.enormous',
    'us-east-2 has no instance type zz9.enormous.\nSee the list: https://aws.amazon.com/ec2/instance-types/',
  ],
  [
    'ami=ami-0a1b2c3d',
    'There is no image ami-0a1b2c3d in us-east-2.\nLeave it at --set ami=recommended.',
  ],
  [
    'zones=us-east-2a,us-east-2z',
    'There is no zone us-east-2z in us-east-2.\nIts zones are us-east-2a, us-east-2b, us-east-2c; did you mean us-east-2a?',
  ],
  [
    'vpc-cidr=10.20.0.0/26 zones=us-east-2a,us-east-2b,us-east-2c',
    'vpc-cidr: 10.20.0.0/26 has room for 2 subnets, not for 3.\nTake a larger range, or fewer zones.',
  ],
  [
    'vpc-cidr=172.31.0.0/20',
    'vpc-cidr: 172.31.0.0/20 overlaps 172.31.0.0/16 of <vpc>; the two could never be connected.\nTake a range that no other VPC has.',
  ],
  [
    'vpc=vpc-0a1b2c3d',
    'There is no VPC vpc-0a1b2c3d in us-east-2.\nGive another with --set vpc=vpc-…, or make a new one with --set vpc=new.',
  ],
  [
    'vpc=<vpc> subnets=<subnet>,subnet-0a1b2c3d',
    '<vpc> has no subnet subnet-0a1b2c3d: give --set subnets=… from that VPC.\nMend these, or make a new network: --set vpc=new.',
  ],
  ['key-pair=operator', 'There is no key pair operator in us-east-2.\nDid you mean operators?'],
  [
    'key-pair=mine',
    'There is no key pair mine in us-east-2.\nSay --set key-pair=new to have one made.',
  ],
  [
    `certificate=${noCertificate}`,
    `There is no certificate ${noCertificate} in us-east-2.\n${lateCertificate}`,
  ],
  [
    'certificate=<certificate>',
    `The certificate <certificate> is PENDING_VALIDATION, not issued.\n${lateCertificate}`,
  ],
  [
    'cluster-prefix=parks',
    'The bucket name cob-parks-config is taken by someone else (or you lack s3:ListBucket on it).\nName another: --set bucket=cob-parks-config-123456789012.',
  ],
])('%s', async (settings, says) => {
  const real = (text: string) =>
    text
      .replaceAll('<vpc>', standing.vpc)
      .replaceAll('<subnet>', standing.subnet)
      .replaceAll('<certificate>', standing.certificate);
  const given = real(settings)
    .split(' ')
    .flatMap((setting) => ['--set', setting]);
  const { exitCode, stderr } = await machine.run('init-cluster', '--yes', ...given);
  expect({ stderr: stderr.trimEnd(), exitCode }).toEqual({ stderr: real(says), exitCode: 2 });
  expect(faults.calls.filter(({ changing }) => changing)).toEqual([]);
});

test.each(['', '# nothing yet\n', '{}'])(
  'an answers file that holds no answer: %j',
  async (content) => {
    await writeFile(join(machine.home, 'answers.yaml'), content);
    const args = ['--dry-run', '--json', '--answers', 'answers.yaml'];
    const { exitCode, json } = await machine.run('init-cluster', ...args);
    expect(exitCode).toBe(0);
    expect(json.outputs.AWS_ECS_CLUSTER).toBe('digitalApps');
  },
);

test('--set wins over the file, and the file over the default', async () => {
  await writeFile(
    join(machine.home, 'answers.json'),
    '{"cluster-prefix": "a", "bucket-prefix": "b"}',
  );
  const args = ['--dry-run', '--json', '--answers', 'answers.json', '--set', 'cluster-prefix=c'];
  const { json } = await machine.run('init-cluster', ...args);
  expect(json.outputs).toMatchObject({ AWS_ECS_CLUSTER: 'c', AWS_S3_CONFIG_BUCKET: 'b-c-config' });
});
