import { headsOf, type Image, type ImageDecision, nameOf, spaceOf } from '../cleanup/images.ts';
import type { CleanupPlan } from '../cleanup/plan.ts';
import type { Repository } from '../cleanup/repository.ts';
import { newest, type RevisionDecision } from '../cleanup/revisions.ts';
import type { AppState } from '../cleanup/state.ts';
import type { CleanupReport, CleanupReview } from '../commands/cleanup-talk.ts';
import { counted, grouped, ranges, space } from './cleanup-words.ts';
import { ACCENT, duration, type Page } from './style.ts';

/** Of what is kept because somebody needs it, so much is named. */
const FEW = 5;

/** Shows what will go and why it may, and what stays because somebody needs it. */
export function showCleanup(page: Page, { plan, seconds }: CleanupReview): void {
  for (const state of plan.state.apps) {
    page.line(`\n${page.style('bold', state.app)}`);
    for (const [verb, name, why] of [...goingLines(state, plan), ...stayingLines(state, plan)]) {
      const start = `  ${page.style(CHANGES.has(verb) ? ACCENT : 'dim', verb.padEnd(10))}  `;
      page.row({ start, name, rest: why, format: 'dim' });
    }
    for (const note of notesOn(state, plan)) {
      page.wrapped(`• ${note}`, { indent: 2, hanging: 4 });
    }
  }
  if (plan.unused.length > 0) {
    page.wrapped('\nNot used, as it seems, and left alone:');
    for (const { says } of plan.unused) page.wrapped(`• ${says}`, { hanging: 2 });
  }
  page.line();
  page.wrapped(summary(plan), { format: 'bold' });
  if ([...plan.decisions.revisions.values()].some(({ remove }) => remove.length > 0)) {
    page.wrapped(
      'Schedules of EventBridge are not looked at: one that names a task definition by its number is to name the family, which takes the newest, or one that is kept (--keep).',
    );
  }
  if (seconds >= 60) {
    page.wrapped(
      `AWS takes about one task definition a second, so that it takes about ${Math.ceil(seconds / 60)} min. Ctrl-C stops it at any time; the same command carries on.`,
    );
  }
  page.line();
}

type Line = [verb: string, name: string, why: string];

const CHANGES = new Set(['deregister', 'delete', 'set']);

function goingLines({ family, repository }: AppState, plan: CleanupPlan): Line[] {
  const lines: Line[] = [];
  const old = `older than the ${plan.keep === 1 ? 'one' : plan.keep} kept`;
  const revisions = family ? revisionsOf(plan, family.name).remove : [];
  if (revisions.length > 0) {
    const name = `${revisionWords(revisions)} of ${family!.name}`;
    lines.push(['deregister', name, `${old}; none in use`]);
  }
  const images = repository ? imagesOf(plan, repository.name).remove.flat() : [];
  if (images.length > 0) {
    const name = `${imageWords(images)} of ${repository!.name}`;
    lines.push(['delete', name, `${old}; nothing that is kept or in use names them`]);
  }
  const { set } = (repository && plan.lifecycles.get(repository.name)) ?? {};
  if (set) {
    const name = `lifecycle rule of ${repository!.name}`;
    lines.push(['set', name, `from now on the registry keeps the newest ${set} by itself`]);
  }
  return lines.length > 0 ? lines : [['nothing', 'is old enough to go', '']];
}

function stayingLines({ family, repository }: AppState, plan: CleanupPlan): Line[] {
  const revisions = family ? keptRevisions(revisionsOf(plan, family.name), plan.keep) : [];
  const images = repository
    ? keptImages(repository, imagesOf(plan, repository.name), plan.keep)
    : [];
  return [...revisions, ...images];
}

function notesOn({ repository, left }: AppState, { lifecycles }: CleanupPlan): string[] {
  const { says } = (repository && lifecycles.get(repository.name)) ?? {};
  return says ? [...left, says] : left;
}

/** The newest, those in use, and what else is older and needed. */
function keptRevisions({ keep }: RevisionDecision, count: number): Line[] {
  const isYoung = (whys: string[]) => whys.includes(newest(count));
  const young = [...keep].flatMap(([revision, whys]) => (isYoung(whys) ? [revision] : []));
  const needed = [...keep].flatMap(([revision, whys]): Line[] => {
    const needs = whys.filter((why) => why !== newest(count));
    const isTold = isYoung(whys) ? needs.some((why) => why.startsWith('in use')) : true;
    return isTold ? [['keep', `revision ${revision}`, needs.join('; ')]] : [];
  });
  return [...youngLine(young.length > 0 ? revisionWords(young) : ''), ...few(needed)];
}

function keptImages({ images }: Repository, { keep }: ImageDecision, count: number): Line[] {
  const heads = headsOf(images);
  const young = heads.filter(({ digest }) => keep.get(digest)?.includes(newest(count)));
  const needed = heads
    .filter((image) => keep.has(image.digest) && !young.includes(image))
    .map((image): Line => ['keep', `image ${nameOf(image)}`, keep.get(image.digest)!.join('; ')]);
  return [...youngLine(young.length > 0 ? counted(young.length, 'image') : ''), ...few(needed)];
}

function youngLine(name: string): Line[] {
  return name ? [['keep', name, 'the newest']] : [];
}

function few(lines: Line[]): Line[] {
  const rest = lines.length - FEW;
  return rest > 1 ? [...lines.slice(0, FEW), ['keep', `${rest} more`, '']] : lines;
}

function revisionWords(revisions: number[]): string {
  return `${revisions.length === 1 ? 'revision' : 'revisions'} ${ranges(revisions)}`;
}

/** How it ended. */
export function showCleanupReport(page: Page, report: CleanupReport): void {
  const { outcomes, dryRun, interrupted, plan } = report;
  if (dryRun) {
    const isToDo = summary(plan) !== NOTHING;
    page.wrapped(
      `A dry run: nothing was changed.${isToDo ? ' Leave out --dry-run to do this.' : ''}`,
    );
    return;
  }
  if (outcomes.length === 0) return;
  page.line();
  page.wrapped(headline(report), { format: 'bold' });
  for (const { app, spared, errors } of outcomes) {
    for (const { what, why } of spared) {
      page.wrapped(`• ${app}: ${what} stays after all: ${why}.`, { hanging: 2 });
    }
    for (const { answer, fix } of errors) {
      page.line();
      page.wrapped(`${app}: ${answer}`, { hanging: 2 });
      if (fix) page.wrapped(fix, { indent: 2 });
    }
  }
  const hasFailed = outcomes.some(({ errors }) => errors.length > 0);
  if (hasFailed || interrupted) {
    page.wrapped(
      '\nWhat is gone is gone, the rest is as it was: the same command carries on from here.',
    );
  }
  if (hasFailed) page.line(`Log: ${report.log}`);
}

function headline({ outcomes, interrupted, sandbox, calls, seconds }: CleanupReport): string {
  const hasFailed = outcomes.some(({ errors }) => errors.length > 0);
  const start = interrupted ? 'Stopped' : hasFailed ? 'Not all done' : 'Done';
  const revisions = outcomes.flatMap(({ deregistered }) => deregistered).length;
  const images = outcomes.flatMap(({ deleted }) => deleted);
  const rules = outcomes.filter(({ ruleSet }) => ruleSet !== undefined).length;
  const parts = [
    `${counted(revisions, 'task definition')} deregistered`,
    `${imageWords(images)} deleted`,
    ...(rules > 0 ? [`${counted(rules, 'lifecycle rule')} set`] : []),
  ];
  const made = `${grouped(calls.total)} calls (${grouped(calls.changing)} changing)`;
  return `${start}${sandbox ? ' in the SANDBOX' : ''}: ${parts.join(', ')}; ${made}, ${duration(seconds)}.`;
}

const NOTHING = 'Nothing is old enough to go.';

function summary(plan: CleanupPlan): string {
  const { decisions, lifecycles } = plan;
  const revisions = [...decisions.revisions.values()].flatMap(({ remove }) => remove).length;
  const images = [...decisions.images.values()].flatMap(({ remove }) => remove.flat());
  const rules = [...lifecycles.values()].filter(({ set }) => set !== undefined).length;
  const parts = [
    ...(revisions > 0 ? [`${counted(revisions, 'task definition')} to deregister`] : []),
    ...(images.length > 0 ? [`${imageWords(images)} to delete`] : []),
    ...(rules > 0 ? [`${counted(rules, 'lifecycle rule')} to set`] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : NOTHING;
}

/** "2,490 images (up to 41.2 GB)": layers that others have too stay. */
function imageWords(images: Image[]): string {
  const { length } = headsOf(images);
  return images.length > 0
    ? `${counted(length, 'image')} (up to ${space(spaceOf(images))})`
    : counted(0, 'image');
}

function revisionsOf({ decisions }: CleanupPlan, family: string): RevisionDecision {
  return decisions.revisions.get(family)!;
}

function imagesOf({ decisions }: CleanupPlan, repository: string): ImageDecision {
  return decisions.images.get(repository)!;
}
