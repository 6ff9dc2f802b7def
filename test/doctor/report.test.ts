import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { diagnosisOf } from '../../src/checks/diagnosis.ts';
import { masked } from '../../src/commands/doctor/mask.ts';
import { checkReportFile, reportText, writeReport } from '../../src/commands/doctor/report.ts';
import { withoutSecrets } from '../../src/mask.ts';
import { broken, CHECKS, finding } from './fakes.ts';

const SUBJECT = { cluster: 'digitalApps', apps: ['parks'], region: 'us-east-2' };

test.each([
  ['account 123456789012.', 'account «account».'],
  ['1234-5678-9012', '«account»'],
  ['arn:aws:iam::123456789012:role/x', 'arn:aws:iam::«account»:role/x'],
  ['123456789012.dkr.ecr.us-east-2.amazonaws.com/a', '«account».dkr.ecr.us-east-2.amazonaws.com/a'],
  ['aws-logs_123456789012_x', 'aws-logs_«account»_x'],
  ['from 203.0.113.7.', 'from «IP».'],
  ['203.0.113.0/24, 10.20.1.5:3000', '«IP»/24, «IP»:3000'],
  ['to 0.0.0.0/0 and ::/0', 'to 0.0.0.0/0 and ::/0'],
  ['2001:db8::1, fe80::a:1/64', '«IP», «IP»/64'],
  ['::ffff:10.0.0.1', '«IP»'],
  ['ip-10-20-1-5.us-east-2.compute.internal', 'ip-«IP».us-east-2.compute.internal'],
  ['AKIAIOSFODNN7EXAMPLE of ASIAIOSFODNN7EXAMPLE', '«access key» of «access key»'],
  ['ask jane.doe+x@city.example.gov', 'ask «e-mail»'],
  ['assumed-role/Admin/jane@example.gov', 'assumed-role/Admin/«e-mail»'],
])('%s is told as %s', (text, safe) => {
  expect(masked(text)).toBe(safe);
});

test.each([
  'rtb-07c2f91aa4e1d5b77 has no route',
  'sg-01234567890123456',
  'agent 1.86.3, at 12:03:05 on 2026-11-23',
  'repository@sha256:0123456789abcdef',
  'ECS: none',
  'ARCHITECTURE AMD64, ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
])('%s stays', (text) => {
  expect(masked(text)).toBe(text);
});

test.each([
  'data.metadataTokens: optional → required.',
  'could not look: InvalidClientTokenId: The security token included in the request is invalid.',
  'could not look: ExpiredToken: The security token included in the request is expired.',
  'You may not call secretsmanager:GetSecretValue: no identity-based policy allows it.',
  'You may not call iam:CreateAccessKey: no identity-based policy allows it.',
  'arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/cityhl/50dc6c495c0c9188',
  'The log app/app/0123456789abcdef0123456789abcdef is empty.',
  'statement 1: none → {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"}}',
  'AKIAIOSFODNN7EXAMPLE of digitalAppsTravis is 400 days old.',
  'echo ECS_CLUSTER=other >> /etc/ecs/ecs.config',
])('%s holds no secret', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test('the report has it all, and nobody’s addresses', async () => {
  const { route } = CHECKS;
  const telling = finding(route, 'fail', [
    [
      '123456789012: 10.20.0.7 of jane@example.gov used AKIAIOSFODNN7EXAMPLE.',
      'Ask jane@example.gov.',
    ],
  ]);
  const text = reportText(SUBJECT, diagnosisOf([telling, ...broken.findings], broken));
  expect(text).not.toMatch(/123456789012|10\.20|jane|AKIA/);
  const report = reportText(SUBJECT, broken).replace(/digital-apps \d.*\.$/m, 'digital-apps N.');
  await expect(report.replace(/at \S+ \S+ UTC/, 'at TIME')).toMatchFileSnapshot('golden/report.md');
});

test('no file is overwritten', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'digital-apps-report-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const [mine, fresh] = [join(dir, 'mine.md'), join(dir, 'fresh.md')];
  await writeFile(mine, 'mine');
  await expect(checkReportFile(mine)).rejects.toThrow('is there already');
  await expect(writeReport(mine, SUBJECT, broken)).rejects.toThrow('is there already');
  expect(await readFile(mine, 'utf8')).toBe('mine');
  await checkReportFile(fresh);
  await writeReport(fresh, SUBJECT, broken);
  expect(await readFile(fresh, 'utf8')).toBe(reportText(SUBJECT, broken));
  await expect(checkReportFile(join(dir, 'none', 'x.md'))).rejects.toThrow('there is no folder');
});
