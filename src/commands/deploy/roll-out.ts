import { register } from '../../deploy/definition.ts';
import { nextOf } from '../../deploy/next.ts';
import { putIntoService } from '../../deploy/rollout/service.ts';
import { nameOf, waitForOther } from '../../deploy/rollout/under-way.ts';
import { watch } from '../../deploy/rollout/watch.ts';
import { alarmAfterDeploy } from '../../tasks/app/alarm-after-deploy.ts';
import type { Deploying } from './deploying.ts';
import type { Prepared } from './prepare.ts';
import type { DeployReport, Result } from './report.ts';

/** Has ECS run the image, and waits until it is well. */
export async function rollOut(
  { session, target, image, composeWith, before, timeout }: Prepared,
  report: DeployReport,
  talk: Deploying,
  signal: AbortSignal,
): Promise<Result> {
  const { aws, identity, region } = session;
  talk.begin({ id: 'register', title: 'Describing it to ECS' });
  const next = await nextOf(aws, target, image, composeWith, before);
  report.image = next.image;
  report.definition = next.definition;
  const taskDefinitionArn = next.known ?? (await register(aws, next.definition));
  talk.end(next.known ? 'unchanged' : 'registered', nameOf(taskDefinitionArn));

  talk.begin({ id: 'rollout', title: `Putting ${nameOf(taskDefinitionArn)} into service` });
  let told = '';
  const waiting = (text: string) => {
    if (text !== told) talk.line(`Waiting: ${text}.`);
    told = text;
  };
  const running = { signal, waiting };
  if (!next.known) {
    const stuck = await waitForOther(aws, target, { ...running, upTo: timeout });
    if (stuck) talk.line(`Taking the place of ${stuck.taskDefinition}: ${stuck.stuck}`);
  }
  const { containerName: container, containerPort: port } = next.compose.front;
  const release = { taskDefinitionArn, container, port, isMoved: next.isMoved };
  const placed = await putIntoService(aws, target, release, running);
  report.revision = nameOf(taskDefinitionArn);
  report.isUnchanged = placed.action === 'unchanged';
  report.remarks.push(...placed.remarks);
  const outcome = await watch(aws, target, placed, { signal, upTo: timeout, tell: talk.news });
  if (outcome.kind !== 'deployed' || outcome.desired === 0) return outcome;
  const about = await alarmAfterDeploy({ ...identity, aws, region }, target, signal);
  if (about) report.remarks.push(about);
  return outcome;
}
