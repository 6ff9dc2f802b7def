import { ImportCertificateCommand } from '@aws-sdk/client-acm';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DeleteRuleCommand,
  ModifyListenerCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DetachRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { found } from '../../app/found.ts';
import { shortLived } from '../../support/certificate.ts';
import { deleteImage } from '../../support/recorded/images.ts';
import { until } from '../../support/until.ts';
import { CLUSTER, HOST, SERVICE } from '../names.ts';
import type { Breakage } from './breakage.ts';
import { deployKilled } from './crash.ts';
import { notStartedAgain, serviceNow } from './moments.ts';
import { alarming, refused, sick, unregistered } from './recorded.ts';

export const app: Breakage[] = [
  {
    what: 'a health check that asks for the wrong path',
    cause: 'app.targets',
    follows: ['app.events', 'app.running', 'app.deployment'],
    async happen({ aws }) {
      const [{ TargetGroupArn } = {}] = await found.targetGroups(aws, SERVICE);
      const HealthCheckPath = '/healthz';
      await aws.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath }));
    },
    recorded: [sick('Target.ResponseCodeMismatch', 'Health checks failed with these codes: [404]')],
  },
  {
    what: 'the rule for HTTPS deleted',
    cause: 'traffic.rules',
    follows: [],
    async happen({ aws }) {
      const [rule] = await found.rules(aws, SERVICE, 443);
      await aws.elb.send(new DeleteRuleCommand({ RuleArn: rule!.RuleArn }));
    },
  },
  {
    what: 'a certificate that has expired',
    cause: 'balancer.certificate-expiry',
    follows: ['traffic.answers'],
    async happen({ aws }) {
      const { expires, ...certificate } = await shortLived(HOST);
      const { CertificateArn } = await aws.acm.send(new ImportCertificateCommand(certificate));
      const ListenerArn = await found.listener(aws, 443);
      await aws.elb.send(
        new ModifyListenerCommand({ ListenerArn, Certificates: [{ CertificateArn }] }),
      );
      await expires;
    },
    recorded: [refused],
  },
  {
    what: 'the app’s .env deleted',
    cause: 'delivery.env-file',
    follows: ['app.stopped-tasks', 'app.events', 'app.running'],
    async happen(clinic) {
      await clinic.aws.s3.send(
        new DeleteObjectCommand({ Bucket: 'cob-digital-apps-config', Key: `${SERVICE}/.env` }),
      );
      await notStartedAgain(clinic);
    },
  },
  {
    what: 'the app’s image deleted from the registry',
    cause: 'app.image',
    follows: ['app.stopped-tasks', 'app.events', 'app.running'],
    async happen(clinic) {
      await deleteImage(clinic.aws, `digital-apps/${SERVICE}`, '1-abc');
      await notStartedAgain(clinic);
    },
  },
  {
    what: 'the task role without its policy',
    cause: 'roles.task',
    follows: ['app.stopped-tasks', 'app.running'],
    async happen(clinic) {
      await clinic.aws.iam.send(
        new DetachRolePolicyCommand({
          RoleName: 'digitalAppsTaskRole',
          PolicyArn: 'arn:aws:iam::123456789012:policy/digitalAppsConfigRead',
        }),
      );
      await notStartedAgain(clinic);
    },
  },
  {
    what: 'the service role without its policy',
    cause: 'roles.service',
    follows: ['app.events', 'app.targets'],
    happen: ({ aws }) =>
      aws.iam.send(
        new DetachRolePolicyCommand({
          RoleName: 'digitalAppsServiceRole',
          PolicyArn: 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole',
        }),
      ),
    recorded: [unregistered],
  },
  {
    what: 'an app that is killed again and again, as for its memory',
    cause: 'app.stopped-tasks',
    follows: ['app.events', 'app.deployment', 'app.running'],
    happen: deployKilled,
  },
  {
    what: 'a service that somebody has scaled to 0',
    cause: 'app.desired',
    follows: ['app.alarm'],
    async happen(clinic) {
      await clinic.aws.ecs.send(
        new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, desiredCount: 0 }),
      );
      await until(async () => !(await serviceNow(clinic)).runningCount);
    },
    recorded: [alarming],
  },
];
