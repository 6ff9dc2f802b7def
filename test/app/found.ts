import { ListCertificatesCommand, ListTagsForCertificateCommand } from '@aws-sdk/client-acm';
import {
  type DistributionConfig,
  GetDistributionConfigCommand,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListAccessKeysCommand, ListUsersCommand, ListUserTagsCommand } from '@aws-sdk/client-iam';
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Clients } from './world.ts';

type Tag = { Key?: string; Value?: string };

const isOf = (app: string) => (tag: Tag) => tag.Key === 'digital-apps:app' && tag.Value === app;

interface Key {
  user: string;
  id: string;
  active: boolean;
  apps: (string | undefined)[];
}

/** What AWS has of an app, looked for by tags and names. */
export const found = {
  async loadBalancer({ elb }: Clients) {
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
    return LoadBalancers![0]!;
  },

  async listener(aws: Clients, port: number): Promise<string | undefined> {
    const { LoadBalancerArn } = await found.loadBalancer(aws);
    const { Listeners = [] } = await aws.elb.send(
      new DescribeListenersCommand({ LoadBalancerArn }),
    );
    return Listeners.find(({ Port }) => Port === port)?.ListenerArn;
  },

  async targetGroups({ elb }: Clients, app: string): Promise<TargetGroup[]> {
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    return TargetGroups.filter(({ TargetGroupName }) => TargetGroupName === app);
  },

  /** Tagged as the app's, of one listener. */
  async rules(aws: Clients, app: string, port: number): Promise<Rule[]> {
    const ListenerArn = await found.listener(aws, port);
    if (!ListenerArn) return [];
    const { Rules = [] } = await aws.elb.send(new DescribeRulesCommand({ ListenerArn }));
    const ResourceArns = Rules.flatMap(({ IsDefault, RuleArn }) => (IsDefault ? [] : RuleArn!));
    if (ResourceArns.length === 0) return [];
    const { TagDescriptions = [] } = await aws.elb.send(new DescribeTagsCommand({ ResourceArns }));
    const own = TagDescriptions.filter(({ Tags }) => Tags?.some(isOf(app)));
    return Rules.filter(({ RuleArn }) => own.some(({ ResourceArn }) => ResourceArn === RuleArn));
  },

  async certificates({ acm }: Clients, app: string): Promise<string[]> {
    const { CertificateSummaryList = [] } = await acm.send(
      new ListCertificatesCommand({
        CertificateStatuses: ['ISSUED', 'PENDING_VALIDATION', 'FAILED'],
      }),
    );
    const arns = CertificateSummaryList.map(({ CertificateArn }) => CertificateArn!);
    const tags = await Promise.all(
      arns.map((CertificateArn) => acm.send(new ListTagsForCertificateCommand({ CertificateArn }))),
    );
    return arns.filter((_, index) => tags[index]!.Tags?.some(isOf(app)));
  },

  async distributions({ cloudFront }: Clients, app: string) {
    const { DistributionList } = await cloudFront.send(new ListDistributionsCommand({}));
    return (DistributionList?.Items ?? []).filter(({ Comment }) => Comment === app);
  },

  async distributionConfig(aws: Clients, app: string) {
    const Id = (await found.distributions(aws, app))[0]!.Id!;
    const { DistributionConfig, ETag } = await aws.cloudFront.send(
      new GetDistributionConfigCommand({ Id }),
    );
    return { Id, config: DistributionConfig as DistributionConfig, IfMatch: ETag };
  },

  async cachePolicies({ cloudFront }: Clients) {
    const { CachePolicyList } = await cloudFront.send(
      new ListCachePoliciesCommand({ Type: 'custom' }),
    );
    return (CachePolicyList?.Items ?? []).map(({ CachePolicy }) => CachePolicy!);
  },

  async repositories({ ecr }: Clients, app: string) {
    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
    return repositories.filter(({ repositoryName }) => repositoryName?.endsWith(`/${app}`));
  },

  /** Of all users, with the apps whose key it is by a user's tags. */
  async keys({ iam }: Clients): Promise<Key[]> {
    const { Users = [] } = await iam.send(new ListUsersCommand({}));
    const keys = await Promise.all(
      Users.map(async ({ UserName }) => {
        const [{ AccessKeyMetadata = [] }, { Tags = [] }] = await Promise.all([
          iam.send(new ListAccessKeysCommand({ UserName })),
          iam.send(new ListUserTagsCommand({ UserName })),
        ]);
        return AccessKeyMetadata.map(({ AccessKeyId, Status }) => ({
          ...{ user: UserName!, id: AccessKeyId!, active: Status === 'Active' },
          apps: Tags.filter(({ Value }) => Value === AccessKeyId).map(
            ({ Key }) => /^digital-apps:key:digital-apps\/(.+)$/.exec(Key!)?.[1],
          ),
        }));
      }),
    );
    return keys.flat();
  },

  async keysOf(aws: Clients, app: string): Promise<Key[]> {
    return (await found.keys(aws)).filter(({ apps }) => apps.includes(app));
  },

  /** What the zones of the account say of names that end so. */
  async records({ route53 }: Clients, end: string): Promise<ResourceRecordSet[]> {
    const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
    const sets = await Promise.all(
      HostedZones.map(({ Id }) =>
        route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id })),
      ),
    );
    return sets
      .flatMap(({ ResourceRecordSets = [] }) => ResourceRecordSets)
      .filter(({ Name }) => Name?.endsWith(`${end}.`));
  },

  async objects({ s3 }: Clients, app: string): Promise<string[]> {
    const Bucket = 'cob-digital-apps-config';
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key }) => Key!).filter((key) => key.startsWith(`${app}/`));
  },
};

/** How many there are of everything that an app is made of. */
export async function appCensus(aws: Clients, app: string, host: string) {
  const records = await found.records(aws, host);
  const isHost = ({ Name }: ResourceRecordSet) => Name === `${host}.`;
  return {
    targetGroups: (await found.targetGroups(aws, app)).length,
    httpRules: (await found.rules(aws, app, 80)).length,
    httpsRules: (await found.rules(aws, app, 443)).length,
    certificates: (await found.certificates(aws, app)).length,
    distributions: (await found.distributions(aws, app)).length,
    cachePolicies: (await found.cachePolicies(aws)).length,
    repositories: (await found.repositories(aws, app)).length,
    keys: (await found.keysOf(aws, app)).length,
    hostRecords: records.filter(isHost).length,
    otherRecords: records.filter((record) => !isHost(record)).length,
    objects: (await found.objects(aws, app)).length,
  };
}

/** What it says of one whole app whose host is in a zone of the account. */
export const ONE_APP = {
  targetGroups: 1,
  httpRules: 1,
  httpsRules: 1,
  certificates: 1,
  distributions: 1,
  cachePolicies: 1,
  repositories: 1,
  keys: 1,
  hostRecords: 1,
  otherRecords: 1,
  objects: 1,
};
