import { expect, test } from 'vitest';
import { appStatus } from '../../src/status/app.ts';

const around = { service: 'permits', hosts: [] };

test.each([
  ['another image', '41-bb01b77', '41-bb01b77'],
  ['the image that runs already, with other settings', '40-aa01b77', 'permits:8'],
])('what is being deployed is told apart from what runs: %s', (_, deployed, version) => {
  const taskDefinition = 'arn:aws:ecs:us-east-2:123456789012:task-definition/permits:8';
  const deployment = { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' as const, taskDefinition };
  const service = { taskDefinition, desiredCount: 2, runningCount: 2, deployments: [deployment] };
  const replaced = '40-aa01b77';
  const status = appStatus(service, { ...around, running: replaced, deployed, replaced });
  expect(status).toMatchObject({ state: 'deploying', version: replaced, rollout: { version } });
});
