import { DeleteDistributionCommand, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront';
import {
  type Action,
  DeleteListenerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
} from '@aws-sdk/client-route-53';
import { found } from '../found.ts';
import type { Clients } from '../world.ts';
import type { Alteration } from './alteration.ts';

const APP = 'parks';
const HOST = 'parks.springfield.gov';

const groupArn = async (aws: Clients) => (await found.targetGroups(aws, APP))[0]!.TargetGroupArn!;
const ruleArn = async (aws: Clients, port = 80) => (await found.rules(aws, APP, port))[0]!.RuleArn!;

async function changeRecords(aws: Clients, ...Changes: Change[]) {
  const { HostedZones } = await aws.route53.send(new ListHostedZonesCommand({}));
  const HostedZoneId = HostedZones![0]!.Id;
  await aws.route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }),
  );
}

async function deletionOfHost(aws: Clients): Promise<Change> {
  const records = await found.records(aws, HOST);
  const ResourceRecordSet = records.find(({ Name, Type }) => Name === `${HOST}.` && Type !== 'TXT');
  return { Action: 'DELETE', ResourceRecordSet };
}

async function distributionWith(aws: Clients, settings: object): Promise<void> {
  const { Id, config, IfMatch } = await found.distributionConfig(aws, APP);
  const DistributionConfig = { ...config, ...settings };
  await aws.cloudFront.send(new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig }));
}

const elsewhere: Action = {
  Type: 'redirect',
  RedirectConfig: { StatusCode: 'HTTP_302', Protocol: 'HTTPS', Host: 'elsewhere.us' },
};

export const traffic: Alteration[] = [
  {
    what: 'the target group’s health check asks for another path',
    alter: async ({ aws }) =>
      aws.elb.send(
        new ModifyTargetGroupCommand({
          TargetGroupArn: await groupArn(aws),
          HealthCheckPath: '/elsewhere',
        }),
      ),
    outcomes: { 'Target group': 'change' },
  },
  {
    what: 'the target group waits for five minutes',
    alter: async ({ aws }) =>
      aws.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: await groupArn(aws),
          Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '300' }],
        }),
      ),
    outcomes: { 'Target group': 'change' },
  },
  {
    what: 'HTTP rule deleted',
    alter: async ({ aws }) => aws.elb.send(new DeleteRuleCommand({ RuleArn: await ruleArn(aws) })),
    outcomes: { 'HTTP rule': 'create' },
  },
  {
    what: 'the HTTPS rule has another host',
    alter: async ({ aws }) =>
      aws.elb.send(
        new ModifyRuleCommand({
          RuleArn: await ruleArn(aws, 443),
          Conditions: [
            { Field: 'host-header', HostHeaderConfig: { Values: ['other.springfield.gov'] } },
          ],
        }),
      ),
    outcomes: { 'HTTPS rule': 'change' },
  },
  {
    what: 'the HTTP rule redirects to elsewhere',
    alter: async ({ aws }) =>
      aws.elb.send(new ModifyRuleCommand({ RuleArn: await ruleArn(aws), Actions: [elsewhere] })),
    outcomes: { 'HTTP rule': 'change' },
  },
  {
    what: 'HTTPS listener deleted',
    alter: async ({ aws }) =>
      aws.elb.send(new DeleteListenerCommand({ ListenerArn: await found.listener(aws, 443) })),
    outcomes: {
      ...{ 'HTTPS listener': 'create', 'Certificate at the listener': 'create' },
      'HTTPS rule': 'create',
    },
  },
  {
    what: 'the rules and the target group deleted',
    async alter({ aws }) {
      const TargetGroupArn = await groupArn(aws);
      for (const port of [80, 443]) {
        await aws.elb.send(new DeleteRuleCommand({ RuleArn: await ruleArn(aws, port) }));
      }
      await aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    },
    outcomes: {
      ...{ 'Target group': 'create', 'HTTP rule': 'create', 'HTTPS rule': 'create' },
      AWS_EC2_TARGET_GROUP_ARN: 'change',
    },
  },
  {
    what: 'the distribution costs more',
    alter: ({ aws }) => distributionWith(aws, { PriceClass: 'PriceClass_All' }),
    outcomes: { 'CloudFront distribution': 'change' },
  },
  {
    what: 'distribution deleted',
    async alter({ aws }) {
      await distributionWith(aws, { Enabled: false });
      const { Id, IfMatch } = await found.distributionConfig(aws, APP);
      await aws.cloudFront.send(new DeleteDistributionCommand({ Id, IfMatch }));
    },
    // The .env names it.
    outcomes: { 'CloudFront distribution': 'create', 'Environment variables': 'change' },
  },
  {
    what: 'the host’s record deleted',
    alter: async ({ aws }) => changeRecords(aws, await deletionOfHost(aws)),
    outcomes: { 'DNS records': 'create' },
  },
  {
    what: 'the host given to another address: kept',
    alter: async ({ aws }) =>
      changeRecords(aws, await deletionOfHost(aws), {
        Action: 'CREATE',
        ResourceRecordSet: {
          ...{ Name: HOST, Type: 'A', TTL: 60 },
          ResourceRecords: [{ Value: '192.0.2.1' }],
        },
      }),
    outcomes: {},
    needsYou: /parks\.springfield\.gov leads elsewhere \(A 192\.0\.2\.1\) and was left as it is/,
  },
  {
    what: 'and that record deleted',
    alter: async ({ aws }) => changeRecords(aws, await deletionOfHost(aws)),
    outcomes: { 'DNS records': 'create' },
  },
];
