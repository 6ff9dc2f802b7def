import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeTagsCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AttachRolePolicyCommand, DetachRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { found } from '../../app/found.ts';
import { deleteImage, pushImage } from '../../support/recorded/images.ts';
import { lay } from '../../support/recorded/lay.ts';
import type { Breakage } from './breakage.ts';
import { CRASHING, crash } from './crash.ts';

export const app: Breakage[] = [
  {
    what: 'a health check that asks for the wrong path',
    cause: 'app.targets',
    follows: ['app.events', 'app.running', 'app.deployment'],
    async happen(clinic) {
      const [{ TargetGroupArn, HealthCheckPath } = {}] = await found.targetGroups(
        clinic.aws,
        'parks',
      );
      const ask = (path?: string) =>
        clinic.aws.elb.send(
          new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: path }),
        );
      await ask('/healthz');
      clinic.sicken('Target.ResponseCodeMismatch', 'Health checks failed with these codes: [404]');
      return () => ask(HealthCheckPath);
    },
  },
  {
    what: 'the rule for HTTPS deleted',
    cause: 'traffic.rules',
    follows: [],
    async happen(clinic) {
      const ListenerArn = await found.listener(clinic.aws, 443);
      const [rule] = await found.rules(clinic.aws, 'parks', 443);
      const { RuleArn, Priority, Actions, Conditions } = rule!;
      const { TagDescriptions } = await clinic.aws.elb.send(
        new DescribeTagsCommand({ ResourceArns: [RuleArn!] }),
      );
      await clinic.aws.elb.send(new DeleteRuleCommand({ RuleArn }));
      return () =>
        clinic.aws.elb.send(
          new CreateRuleCommand({
            ...{ ListenerArn, Priority: Number(Priority), Tags: TagDescriptions![0]!.Tags },
            Actions: Actions?.map(({ Type, TargetGroupArn }) => ({ Type, TargetGroupArn })),
            Conditions: Conditions?.map(({ Field, HostHeaderConfig }) => ({
              Field,
              HostHeaderConfig,
            })),
          }),
        );
    },
  },
  {
    what: 'a certificate that has expired',
    cause: 'balancer.certificate-expiry',
    follows: ['traffic.answers'],
    async happen(clinic) {
      lay<{ CertificateSummaryList: object[] }>(clinic.faults, 'ListCertificates', (answer) => ({
        CertificateSummaryList: answer.CertificateSummaryList.map((each) => ({
          ...each,
          NotAfter: Date.now() / 1000 - 86_400,
        })),
      }));
      clinic.silence('app');
    },
  },
  {
    what: 'the app’s .env deleted',
    cause: 'delivery.env-file',
    follows: ['app.stopped-tasks', 'app.events', 'app.running'],
    async happen(clinic) {
      const { s3 } = clinic.aws;
      const object = { Bucket: 'cob-digital-apps-config', Key: 'parks/.env' };
      const { Body } = await s3.send(new GetObjectCommand(object));
      const text = await Body!.transformToString();
      await s3.send(new DeleteObjectCommand(object));
      crash(clinic, { exitCode: 1 });
      return () =>
        s3.send(new PutObjectCommand({ ...object, Body: text, ServerSideEncryption: 'AES256' }));
    },
  },
  {
    what: 'the app’s image deleted from the registry',
    cause: 'app.image',
    follows: ['app.stopped-tasks', 'app.events', 'app.running'],
    async happen(clinic) {
      await deleteImage(clinic.aws, 'digital-apps/parks', '1-abc');
      const reason =
        'CannotPullContainerError: Error response from daemon: manifest for 123456789012.dkr.ecr.us-east-2.amazonaws.com/digital-apps/parks:1-abc not found: manifest unknown';
      clinic.stopApp(CRASHING, [{ stopCode: 'TaskFailedToStart', stoppedReason: reason, reason }]);
      return () => pushImage(clinic.aws, 'digital-apps/parks', '1-abc');
    },
  },
  {
    what: 'the task role without its policy',
    cause: 'roles.task',
    follows: ['app.stopped-tasks', 'app.running'],
    async happen(clinic) {
      const policy = {
        RoleName: 'digitalAppsTaskRole',
        PolicyArn: 'arn:aws:iam::123456789012:policy/digitalAppsConfigRead',
      };
      await clinic.aws.iam.send(new DetachRolePolicyCommand(policy));
      crash(clinic, { exitCode: 1 });
      return () => clinic.aws.iam.send(new AttachRolePolicyCommand(policy));
    },
  },
  {
    what: 'an app that takes more memory than it may',
    cause: 'app.stopped-tasks',
    follows: ['app.events', 'app.running'],
    async happen(clinic) {
      crash(clinic, {
        exitCode: 137,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      });
    },
  },
];
