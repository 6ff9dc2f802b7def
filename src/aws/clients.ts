import { ACMClient } from '@aws-sdk/client-acm';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { waitOutConsistency } from './consistency.ts';
import { type Journal, journalCalls, type Stack } from './journal.ts';
import { refuseAtQuotas } from './quotas.ts';
import { Reads, shareReads } from './sharing.ts';

export interface Connection {
  region: string;
  profile?: string;
  /** Where AWS is, when it is not AWS: an emulator's URL. */
  endpoint?: string;
  /** Whether that is the sandbox's. */
  isSandbox?: boolean;
  /** Given for the sandbox alone; everything else comes from where the AWS CLI takes it. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  journal: Journal;
  /** Once aborted, nothing is changed any more. */
  signal: AbortSignal;
}

/** The only place that builds SDK clients; each is built when it is first used. */
export class Aws {
  private readonly built = new Map<string, unknown>();
  readonly reads = new Reads();
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** The same, asking in another Region. */
  in(region: string): Aws {
    return region === this.connection.region ? this : new Aws({ ...this.connection, region });
  }

  get acm() {
    return this.client('acm', ACMClient);
  }
  get autoScaling() {
    return this.client('autoscaling', AutoScalingClient);
  }
  get cloudFront() {
    return this.client('cloudfront', CloudFrontClient);
  }
  get cloudWatch() {
    return this.client('cloudwatch', CloudWatchClient);
  }
  get logs() {
    return this.client('logs', CloudWatchLogsClient);
  }
  get ec2() {
    return this.client('ec2', EC2Client);
  }
  get ecr() {
    return this.client('ecr', ECRClient);
  }
  get ecs() {
    return this.client('ecs', ECSClient);
  }
  get elb() {
    return this.client('elasticloadbalancing', ElasticLoadBalancingV2Client);
  }
  get iam() {
    return this.client('iam', IAMClient);
  }
  get route53() {
    return this.client('route53', Route53Client);
  }
  get quotas() {
    return this.client('servicequotas', ServiceQuotasClient);
  }
  get s3() {
    return this.client('s3', S3Client);
  }
  get sns() {
    return this.client('sns', SNSClient);
  }
  get ssm() {
    return this.client('ssm', SSMClient);
  }
  get sts() {
    return this.client('sts', STSClient);
  }

  private client<Client extends { middlewareStack: Stack }>(
    service: string,
    Client: new (options: object) => Client,
  ): Client {
    const known = this.built.get(service) as Client | undefined;
    if (known) return known;
    const { region, profile, endpoint, credentials, journal, signal } = this.connection;
    const client = new Client({
      region,
      profile,
      endpoint,
      credentials: credentials ?? (profile ? undefined : environmentCredentials()),
      // Asked first of all: who cannot be answered should soon hear of it.
      maxAttempts: service === 'sts' ? 3 : 9,
      // An emulator has no name to put a bucket's before.
      ...(service === 's3' && endpoint ? { forcePathStyle: true } : {}),
    });
    shareReads(client.middlewareStack, service, this.reads);
    waitOutConsistency(client.middlewareStack, signal);
    refuseAtQuotas(client.middlewareStack);
    journalCalls(client.middlewareStack, service, journal);
    this.built.set(service, client);
    return client;
  }
}

/** As in the AWS CLI, keys in the environment win over AWS_PROFILE; the SDK would have it the other way. */
function environmentCredentials() {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  return accessKeyId && secretAccessKey
    ? { accessKeyId, secretAccessKey, sessionToken }
    : undefined;
}
