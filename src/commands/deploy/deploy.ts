import { explain } from '../../aws/errors.ts';
import { definitionOf } from '../../deploy/definition.ts';
import { digestsOf } from '../../deploy/image/repository.ts';
import { imageOf, nextOf } from '../../deploy/next.ts';
import { Interrupted, UserError } from '../../errors.ts';
import type { Target as Where } from '../session.ts';
import type { Stop } from '../stop.ts';
import type { Deploying } from './deploying.ts';
import { buildAndPush, pretendToPush } from './image.ts';
import { type Prepared, prepare } from './prepare.ts';
import { copiable, type DeployReport, exitCodeOf, type Result } from './report.ts';
import { rollOut } from './roll-out.ts';

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
  const { session, target, image, before, composeWith } = prepared;
  const { journal, where } = session;
  talk.going({ target, image: image.name });
  const report: DeployReport = {
    ...{ ...where, target, image: image.name, log: journal.file, remarks: [] },
    ...{ isUnchanged: false, isMoved: false },
    definition: definitionOf(composeWith(image.name), target, before.definition),
    result: { kind: 'dryRun' },
    calls: { total: 0, changing: 0 },
    seconds: 0,
  };
  if (options.dryRun) {
    const { isMoved } = await nextOf(session.aws, target, image, composeWith, before);
    report.isMoved = isMoved;
  } else {
    report.result = await stop.during(
      () => carryOut(prepared, report, talk, stop.signal),
      () => talk.stopping(report.revision !== undefined),
      () => leftWords(report),
    );
  }
  report.calls = { total: journal.total, changing: journal.changing };
  report.seconds = (performance.now() - started) / 1000;
  talk.ended(report);
  return exitCodeOf(report.result);
}

/** For who does not wait until it has stopped: a deploy cannot be carried on, only begun anew. */
function leftWords(report: DeployReport): string {
  const { revision, target } = report;
  const runs = copiable(`digital-apps status ${target.service}`, report);
  return revision
    ? `the deployment of ${revision} goes on at AWS: ${runs} --watch`
    : `ECS may have been told of it just now: ${runs}`;
}

/** All that changes anything. What fails is told in the result; only who has touched nothing may throw. */
async function carryOut(
  prepared: Prepared,
  report: DeployReport,
  talk: Deploying,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await rollOut(await withImage(prepared, report, talk, signal), report, talk, signal);
  } catch (error) {
    if (error instanceof Interrupted || signal.aborted) {
      return { kind: 'stopped', isUnderWay: report.revision !== undefined };
    }
    if (error instanceof UserError && prepared.session.journal.changing === 0) throw error;
    prepared.session.journal.write({ failed: 'deploy', stack: (error as Error).stack });
    return { kind: 'broken', error: explain(error) };
  }
}

/** Has the image where ECS finds it. */
async function withImage(
  prepared: Prepared,
  report: DeployReport,
  talk: Deploying,
  signal: AbortSignal,
): Promise<Prepared> {
  const { session, target, tag, docker, dir, image, before } = prepared;
  if (tag === undefined) return prepared;
  const former = before.definition && imageOf(target, before.definition, image.name);
  const digests = former ? await digestsOf(session.aws, target, former) : [];
  const pushed = docker
    ? await buildAndPush(session, target, { docker, dir, tag }, talk, signal)
    : await pretendToPush(session, target, { dir, tag }, talk);
  report.digest = pushed.digest;
  if (pushed.remark) report.remarks.push(pushed.remark);
  return {
    ...prepared,
    image: { name: image.name, digests: [pushed.digest] },
    before: { ...before, digests },
  };
}
