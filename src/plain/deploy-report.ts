import type { TargetHealthReasonEnum as Reason } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isPassing, meaningOf } from '../checks/signatures/target-reasons.ts';
import { copiable, type DeployReport, type Going, isGood } from '../commands/deploy/report.ts';
import type { FailedTask, Progress, Trouble } from '../deploy/rollout/outcome.ts';
import { whose } from '../deploy/rollout/under-way.ts';
import { differenceWords } from '../tasks/difference-words.ts';
import { duration, type Page } from './style.ts';

/** Shows what is about to be deployed, and where. */
export function showGoing(page: Page, { target, image }: Going): void {
  const facts = [
    ['App', `${target.service}, in the cluster ${target.cluster}`],
    ['Image', image.replace(`${target.registry}/`, '')],
  ] as const;
  for (const [fact, value] of facts) {
    page.wrapped(`${page.style('dim', fact.padEnd(8))}  ${value}`, { hanging: 10 });
  }
  page.line();
}

/** How many run, in a line. */
export function progressWords({ desired, running, pending, failed, ...rest }: Progress): string {
  const reasons = Object.entries(rest.unhealthy).map(([reason, number]) => {
    const why = { Reason: reason as Reason };
    return `${number} not ${isPassing(why) ? 'yet' : `healthy: ${meaningOf(why).says}`}`;
  });
  return [
    `${running} of ${desired} running`,
    pending > 0 && `${pending} starting`,
    failed > 0 && `${failed} failed`,
    running > 0 && `${rest.healthy} healthy`,
    ...reasons,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Shows how it ended: what runs now, or why it does not. */
export function showDeployReport(page: Page, report: DeployReport): void {
  const { result, remarks } = report;
  page.line();
  if (result.kind === 'dryRun') showDryRun(page, report);
  page.wrapped(headline(report), { format: isGood(result) ? 'bold' : ['bold', 'red'] });
  const fix = 'error' in result ? result.error.fix : undefined;
  if ('cause' in result) showTrouble(page, result, report);
  if (fix) page.wrapped(copiable(fix, report), { indent: 2 });
  for (const remark of remarks) page.wrapped(`• ${copiable(remark, report)}`, { hanging: 2 });
  for (const step of nextSteps(report)) page.wrapped(copiable(step, report));
}

function showDryRun(page: Page, { definition, target, isMoved }: DeployReport): void {
  const { last, changes } = definition;
  if (!last) {
    page.wrapped(`The first deploy of ${target.service}: its service would be created.`);
  } else if (isMoved) {
    page.wrapped(`${last} would be deployed anew: its image is another one now.`);
  } else if (changes.length === 0) {
    page.wrapped(`${last} would stay as it is.`);
  } else {
    page.wrapped(`${last} would change:`);
    for (const change of changes) page.wrapped(differenceWords(change), { indent: 2, hanging: 4 });
  }
}

function headline(report: DeployReport): string {
  const { result, target, revision, isUnchanged, calls } = report;
  const took = `${calls.total} calls (${calls.changing} changing), ${duration(report.seconds)}`;
  const where = report.sandbox ? ' in the SANDBOX' : '';
  switch (result.kind) {
    case 'dryRun':
      return 'A dry run: nothing was built or changed. Leave out --dry-run to deploy.';
    case 'deployed': {
      const says = isUnchanged ? 'ran already' : 'is deployed';
      const well = `${result.desired} running and healthy`;
      const runs = result.desired > 0 ? well : 'no container runs, for the service is scaled to 0';
      return `${revision} ${says}${where}: ${runs}; ${took}.`;
    }
    case 'replaced':
      return `${revision} came through${where}, by what ECS has noted; another deployment has begun since: ${whose(result.by)}.`;
    case 'stopped':
      return result.isUnderWay
        ? `The deployment of ${revision} goes on at AWS.`
        : `Stopped: ${target.service} runs as before.`;
    case 'broken':
      return `Not deployed: ${result.error.answer}`;
    case 'rolledBack':
      return `Not deployed: ECS has given ${revision} up after ${duration(result.seconds)}, and goes back to ${result.to}.`;
    case 'failed':
      return `Not deployed: ECS has given ${revision} up after ${duration(result.seconds)}.`;
    case 'overtaken':
      return `Overtaken: another deployment has taken the place of ${revision}: ${whose(result.by)}.`;
    case 'timedOut':
      return `Not there yet: after ${duration(result.seconds)}, ${revision} is not healthy. The deployment goes on at AWS.`;
    case 'lostSight':
      return `Lost sight of ${revision} after ${duration(result.seconds)}, and its deployment goes on at AWS: ${result.error.answer}`;
  }
}

function showTrouble(page: Page, { cause, fix, tasks, log }: Trouble, report: DeployReport): void {
  page.line();
  page.wrapped(cause);
  if (fix) page.wrapped(copiable(fix, report), { indent: 2 });
  const last = tasks.at(-1);
  if (last) page.wrapped(`${tasks.length} of its tasks failed, the last one: ${taskWords(last)}`);
  page.line();
  if ('missing' in log) page.wrapped(log.missing, { format: 'dim' });
  else {
    page.wrapped(`The last lines of ${log.stream}:`);
    for (const line of log.lines) page.line(page.style('dim', `  ${line}`));
  }
  page.line();
}

/** What ECS has noted, without whom it is about, and with ids as short as the console has them. */
export function eventWords(message: string): string {
  return message
    .replace(/^\(service \S+?\) /, '')
    .replace(/ ?\(deployment ecs-svc\/\d+\)/, '')
    .replace(/(?:\(target-group )arn:\S+?targetgroup\/([^/]+)\/\w+\)/, '(target group $1)')
    .replace(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1')
    .trim();
}

/** A task that failed, in a line. */
export function taskWords({ id, reason }: FailedTask): string {
  return `${id.slice(0, 8)}: ${reason}`;
}

function nextSteps({ result, target }: DeployReport): string[] {
  const look = `digital-apps doctor ${target.service}`;
  if (result.kind === 'stopped' && !result.isUnderWay) return [];
  if (result.kind === 'stopped' || result.kind === 'timedOut') {
    return [`See how it goes: digital-apps status ${target.service}`];
  }
  if (result.kind === 'deployed' && result.desired === 0) {
    const { region, cluster, service } = target;
    return [
      `Have it run: aws ecs update-service --region ${region} --cluster ${cluster} --service ${service} --desired-count 1`,
    ];
  }
  if (result.kind === 'lostSight') {
    return [`Look again: digital-apps status ${target.service} --watch`];
  }
  if ('cause' in result) return [`Look further: ${look}`];
  return [];
}
