import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { explain } from '../../aws/errors.ts';
import { composeFor, definitionOf, lastDefinition, register } from '../../deploy/definition.ts';
import { imageExists, imageName } from '../../deploy/image/repository.ts';
import { newTag } from '../../deploy/image/tag.ts';
import { putIntoService } from '../../deploy/rollout/service.ts';
import { nameOf, waitForOther } from '../../deploy/rollout/under-way.ts';
import { watch } from '../../deploy/rollout/watch.ts';
import type { Target, TargetVariables } from '../../deploy/target.ts';
import { checkDocker, type Docker } from '../../docker.ts';
import { Interrupted, UserError } from '../../errors.ts';
import { alarmAfterDeploy } from '../../tasks/app/alarm-after-deploy.ts';
import { connect, regionOf, type Session, type Target as Where } from '../session.ts';
import type { Stop } from '../stop.ts';
import type { Deploying } from './deploying.ts';
import { buildAndPush, pretendToPush, sameAsLast } from './image.ts';
import { type DeployReport, exitCodeOf, type Result } from './report.ts';
import { readRepository } from './repository.ts';
import { whichTarget } from './which.ts';

export interface DeployOptions extends Where {
  cluster?: string;
  /** The app's repository. */
  dir?: string;
  /** Deployed as it is, and nothing is built. */
  image?: string;
  dryRun: boolean;
  /** Minutes that a deployment is watched, and another one's end is waited for. */
  timeout: string;
}

/** What is known before anything is touched. */
interface Prepared {
  session: Session;
  dir: string;
  compose: string;
  target: Target;
  variables: TargetVariables;
  image: string;
  /** Absent where there is nothing to build. */
  tag?: string;
  docker?: Docker;
  last?: TaskDefinition;
  /** Seconds. */
  timeout: number;
}

/**
 * Builds an app, puts it into service and waits until it is well.
 * @param service which app, where the environment and the repository do not tell.
 * @returns the exit code: 0 it runs and is healthy, 1 it does not, 130 somebody has stopped it.
 * @throws UserError before anything was touched.
 */
export async function deploy(
  service: string | undefined,
  options: DeployOptions,
  talk: Deploying,
  stop: Stop,
): Promise<number> {
  const started = performance.now();
  const prepared = await prepare(service, options, talk, stop);
  const { session, target, image, last } = prepared;
  const { journal, where } = session;
  talk.going({ target, image });
  const compose = composeFor(image, prepared.compose, prepared.variables);
  const report: DeployReport = {
    ...{ ...where, target, image, isUnchanged: false, remarks: [], log: journal.file },
    definition: definitionOf(compose, target, last),
    result: { kind: 'dryRun' },
    calls: { total: 0, changing: 0 },
    seconds: 0,
  };
  if (!options.dryRun) {
    report.result = await stop.during(
      () => carryOut(prepared, report, talk, stop.signal),
      () => talk.stopping(report.revision !== undefined),
    );
  }
  report.calls = { total: journal.total, changing: journal.changing };
  report.seconds = (performance.now() - started) / 1000;
  talk.ended(report);
  return exitCodeOf(report.result);
}

async function prepare(
  service: string | undefined,
  options: DeployOptions,
  talk: Deploying,
  { signal }: Stop,
): Promise<Prepared> {
  const timeout = seconds(options.timeout);
  const { dir, compose } = await readRepository(options.dir);
  const isBuilt = options.image === undefined && !options.sandbox && !options.dryRun;
  const docker = isBuilt ? await checkDocker(signal) : undefined;
  const region = await regionOf(options);
  const session = await connect('deploy', region, options, talk, { signal });
  const which = { service, cluster: options.cluster, dir, ask: talk.ask, signal };
  const { target, variables } = await whichTarget(session, which);
  const tag = options.image === undefined ? await newTag(dir, process.env) : undefined;
  const image = tag === undefined ? options.image! : imageName(target, tag);
  if (tag === undefined && !(await imageExists(session.aws, target, image))) {
    throw new UserError(
      `There is no image ${image}.`,
      `See those that there are: aws ecr list-images --repository-name ${target.repository} --region ${region}`,
    );
  }
  const last = await lastDefinition(session.aws, target);
  return { session, dir, compose, target, variables, image, tag, docker, last, timeout };
}

/** All that changes anything. What fails is told in the result; only who has touched nothing may throw. */
async function carryOut(
  prepared: Prepared,
  report: DeployReport,
  talk: Deploying,
  signal: AbortSignal,
): Promise<Result> {
  try {
    await putInto(prepared, report, talk, signal);
    return await rollOut(prepared, report, talk, signal);
  } catch (error) {
    if (error instanceof Interrupted || signal.aborted) {
      return { kind: 'stopped', isUnderWay: report.revision !== undefined };
    }
    if (error instanceof UserError && prepared.session.journal.changing === 0) throw error;
    prepared.session.journal.write({ failed: 'deploy', stack: (error as Error).stack });
    return { kind: 'broken', error: explain(error) };
  }
}

/** Has an image where ECS finds it, and the definition name it. */
async function putInto(
  { session, target, variables, tag, docker, dir, compose, last }: Prepared,
  report: DeployReport,
  talk: Deploying,
  signal: AbortSignal,
): Promise<void> {
  if (tag === undefined) return;
  const pushed = docker
    ? await buildAndPush(session, target, { docker, dir, tag }, talk, signal)
    : await pretendToPush(session, target, { dir, tag }, talk);
  report.digest = pushed.digest;
  if (pushed.remark) report.remarks.push(pushed.remark);
  const before = await sameAsLast(session, target, last, pushed);
  if (!before) return;
  report.image = before;
  report.definition = definitionOf(composeFor(before, compose, variables), target, last);
}

async function rollOut(
  { session, target, compose, variables, last, timeout }: Prepared,
  report: DeployReport,
  talk: Deploying,
  signal: AbortSignal,
): Promise<Result> {
  const { definition } = report;
  const { aws, identity, region } = session;
  const { containerName, containerPort } = composeFor(report.image, compose, variables).front;
  const isKnown = last !== undefined && definition.changes.length === 0;
  talk.begin({ id: 'register', title: 'Describing it to ECS' });
  const taskDefinitionArn = isKnown ? last.taskDefinitionArn! : await register(aws, definition);
  talk.end(isKnown ? 'unchanged' : 'registered', nameOf(taskDefinitionArn));

  talk.begin({ id: 'rollout', title: `Putting ${nameOf(taskDefinitionArn)} into service` });
  let told = '';
  const waiting = (text: string) => {
    if (text !== told) talk.line(`Waiting: ${text}.`);
    told = text;
  };
  const running = { signal, waiting };
  if (!isKnown) {
    const stuck = await waitForOther(aws, target, { ...running, upTo: timeout });
    if (stuck) talk.line(`Taking the place of ${stuck.taskDefinition}: ${stuck.stuck}`);
  }
  const release = { taskDefinitionArn, container: containerName, port: containerPort };
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

function seconds(minutes: string): number {
  const number = Number(minutes);
  if (number > 0 && number <= 24 * 60) return number * 60;
  throw new UserError(
    `--timeout: ${minutes} is no number of minutes.`,
    'Say how long to wait, like --timeout 20.',
  );
}
