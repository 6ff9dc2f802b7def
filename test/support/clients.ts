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
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** The Region of every test that does not ask for another. */
export const REGION = 'us-east-2';

/** SDK clients, each made when first used, to read AWS back independently of the program. */
export function awsClients(endpoint: string, region = REGION) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint, region, credentials };
  const made = new Map<Constructor<unknown>, unknown>();
  const client = <Client>(Class: Constructor<Client>): Client => {
    if (!made.has(Class)) made.set(Class, new Class(config));
    return made.get(Class) as Client;
  };
  return {
    get acm() {
      return client(ACMClient);
    },
    get autoScaling() {
      return client(AutoScalingClient);
    },
    get cloudFront() {
      return client(CloudFrontClient);
    },
    get cloudWatch() {
      return client(CloudWatchClient);
    },
    get ec2() {
      return client(EC2Client);
    },
    get ecr() {
      return client(ECRClient);
    },
    get ecs() {
      return client(ECSClient);
    },
    get elb() {
      return client(ElasticLoadBalancingV2Client);
    },
    get iam() {
      return client(IAMClient);
    },
    get logs() {
      return client(CloudWatchLogsClient);
    },
    get route53() {
      return client(Route53Client);
    },
    get s3() {
      return client(S3Client);
    },
    get ssm() {
      return client(SSMClient);
    },
    get sts() {
      return client(STSClient);
    },
  };
}

type Constructor<Client> = new (config: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}) => Client;
