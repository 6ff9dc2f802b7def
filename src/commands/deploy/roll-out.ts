import type { Service } from '@aws-sdk/client-ecs';
import { primaryOf } from '../../checks/lookups/services.ts';
import { lastDefinition, register } from '../../deploy/definition.ts';
import { type Next, nextOf } from '../../deploy/next.ts';
import { putIntoService } from '../../deploy/rollout/service.ts';
import { nameOf, type Running, waitForTurn } from '../../deploy/rollout/under-way.ts';
import { watch } from '../../deploy/rollout/watch.ts';
import { alarmAfterDeploy } from '../../tasks/app/alarm-after-deploy.ts';
import type { Deploying } from './deploying.ts';
import type { Prepared } from './prepare.ts';
import type { DeployReport, Result } from './report.ts';

/** Has ECS run the image, as soon as nobody else's deployment is under way, and waits until it is well. */
export async function rollOut(
  prepared: Prepared,
  report: DeployReport,
  talk: Deploying,
  signal: AbortSignal,
): Promise<Result> {
  const { session, target, timeout } = prepared;
  const { aws, identity, region } = session;
  let told = '';
  const waiting = (text: string) => {
    if (text !== told) talk.line(`Waiting: ${text}.`);
    told = text;
  };
  const running = { signal, waiting, upTo: timeout };
  talk.begin({ id: 'register', title: 'Describing it to ECS' });
  const { next, service } = await whenItIsTime(prepared, talk, running);
  report.image = next.image;
  report.definition = next.definition;
  report.isMoved = next.isMoved;
  const taskDefinitionArn = next.known ?? (await register(aws, next.definition));
  const { containerName: container, containerPort: port } = next.compose.front;
  const release = { taskDefinitionArn, container, port, isMoved: next.isMoved };
  const placed = await putIntoService(aws, target, release, service, running);
  report.revision = nameOf(taskDefinitionArn);
  report.isUnchanged = placed.action === 'unchanged';
  report.remarks.push(...placed.remarks);
  talk.end(next.known ? 'unchanged' : 'registered', report.revision + changesIn(next));

  talk.begin({ id: 'rollout', title: `Putting ${report.revision} into service` });
  const outcome = await watch(aws, target, placed, { signal, upTo: timeout, tell: talk.news });
  if (outcome.kind !== 'deployed' || outcome.desired === 0) return outcome;
  const about = await alarmAfterDeploy({ ...identity, aws, region }, target, signal);
  if (about) report.remarks.push(about);
  return outcome;
}

/** How many fields are named; --dry-run shows all, and from what to what. */
const NAMED = 6;

/** In short, what is new in a task definition: " (changed: app.image, app.memory)". */
function changesIn({ definition, isMoved }: Next): string {
  if (isMoved) return ' (its image is another one now)';
  const fields = definition.changes.map(({ field }) => field);
  const more = fields.length > NAMED ? [`and ${fields.length - NAMED} more`] : [];
  const named = [...fields.slice(0, NAMED), ...more].join(', ');
  return named && ` (changed: ${named})`;
}

/** What to tell ECS, by what runs once nobody else need be waited for. */
async function whenItIsTime(
  { session, target, image, composeWith, before }: Prepared,
  talk: Deploying,
  running: Running,
): Promise<{ next: Next; service?: Service }> {
  const { aws } = session;
  const early = await nextOf(aws, target, image, composeWith, before);
  const ours = early.isMoved ? undefined : early.known;
  const { service, stuck } = await waitForTurn(aws, target, { ...running, ours });
  if (stuck) talk.line(`Taking the place of ${stuck.taskDefinition}: ${stuck.stuck}`);
  const deploymentId = service && primaryOf(service)?.id;
  if (deploymentId === before.deploymentId) return { next: early, service };
  // What was compared is no longer what runs.
  const definition = await lastDefinition(aws, target, service);
  const now = { ...before, definition, deploymentId };
  return { next: await nextOf(aws, target, image, composeWith, now), service };
}
