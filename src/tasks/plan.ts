import { UserError } from '../errors.ts';
import { type Difference, differences, extras } from './diff.ts';
import type { Env } from './env.ts';
import type { Result } from './graph.ts';
import type { AnyResource, Live, Needs } from './resource.ts';
import { applying, type Standing } from './standing.ts';
import { type Ownership, ownership, type Tags } from './tags.ts';

export type Action = 'create' | 'change' | 'keep';

/** What will happen to one resource, and why. */
export interface Step {
  resource: AnyResource;
  action: Action;
  live?: Live;
  differences: Difference[];
  /** The fields as they will be; what is yet to be made is named in them and not known. */
  wanted?: object;
  /** What a person should know and the run leaves as it is. */
  remarks: string[];
  /** What the run leaves alone because a person must decide, a sentence each. */
  attention: string[];
  /** What will be written, line by line. */
  preview: string[];
  /** Somebody else's thing that the person picked: used, never changed. */
  chosen: boolean;
  /** Why it is left for a later run. */
  postponed?: string;
}

export interface Plan {
  env: Env;
  steps: Step[];
}

/**
 * Compares what stands with what is wanted. Changes nothing.
 * @throws UserError where what stands is somebody else's or cannot become what is wanted.
 */
export function makePlan(
  resources: AnyResource[],
  env: Env,
  standing: Standing,
  { adopt }: { adopt: boolean },
): Plan {
  const wanted = applying(resources, env);
  const steps: Step[] = [];
  const refusals: UserError[] = [];
  const foreseen: Lives = new Map();
  const imagined: Lives = new Map();
  for (const resource of inOrder(wanted)) {
    const used = standing.chosen(resource);
    try {
      const step = used
        ? {
            resource,
            action: 'keep' as const,
            live: used,
            differences: [],
            remarks: [],
            attention: [],
            preview: [],
            chosen: true,
          }
        : planOne(
            resource,
            env,
            inTheWay(resource, env, standing.get(resource)),
            { foreseen, imagined },
            adopt,
          );
      steps.push(step);
      if (step.postponed && !step.live) continue;
      foreseen.set(resource, foresee(step));
      imagined.set(resource, foresee(step) ?? imagine(step, env));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusals.push(error);
      foreseen.set(resource, standing.get(resource));
      imagined.set(resource, standing.get(resource));
    }
  }
  if (refusals.length > 0) throw allOf(refusals);
  lookAgainAfterChanges(steps);
  steps.sort((a, b) => wanted.indexOf(a.resource) - wanted.indexOf(b.resource));
  return { env, steps };
}

/** What held before a change must be seen to hold after it. */
function lookAgainAfterChanges(steps: Step[]): void {
  if (steps.every(({ action }) => action === 'keep')) return;
  for (const step of steps) {
    if (step.resource.proves) Object.assign(step, { action: 'create', live: undefined });
  }
}

/** Each after what it needs. */
function inOrder(resources: AnyResource[]): AnyResource[] {
  const ordered = new Set<AnyResource>();
  const add = (resource: AnyResource) => {
    for (const need of Object.values(resource.needs as Record<string, AnyResource>)) add(need);
    if (resources.includes(resource)) ordered.add(resource);
  };
  resources.forEach(add);
  return [...ordered];
}

function allOf(refusals: UserError[]): UserError {
  const fixes = new Set(refusals.map(({ fix }) => fix));
  return new UserError(refusals.map(({ message }) => message).join('\n'), [...fixes].join('\n'));
}

type Lives = Map<AnyResource, Live | undefined>;

function planOne(
  resource: AnyResource,
  env: Env,
  live: Live | undefined,
  { foreseen, imagined }: { foreseen: Lives; imagined: Lives },
  adopt: boolean,
): Step {
  const unmade = Object.values(resource.needs as Needs).filter(
    (need) => foreseen.has(need) && !foreseen.get(need),
  );
  const needs = needsOf(resource, imagined);
  const postponed = resource.postponed?.(env, needs);
  if (postponed) {
    const nothing = { differences: [], attention: [], preview: [], chosen: false };
    return { resource, action: 'keep', live, remarks: [postponed], postponed, ...nothing };
  }
  const wanted = resource.wanted(env, needs, live);
  const preview = resource.preview?.(env, live) ?? [];
  const attention = live ? attentionOf(resource, env, live, needs) : [];
  const step = { resource, live, wanted, preview, attention, chosen: false };
  if (!live) return { ...step, action: 'create', differences: [], remarks: [] };
  const changes = adoption(resource, env, live, adopt);
  if (unmade.length > 0) {
    const news = unmade.map((need) => ({ field: need.name, from: undefined, to: 'the new one' }));
    return { ...step, action: 'change', differences: [...changes, ...news], remarks: [] };
  }
  changes.push(...differences(live, wanted));
  refuseUnchangeable(resource, env, live, changes);
  return {
    ...step,
    action: changes.length > 0 ? 'change' : 'keep',
    differences: changes,
    remarks: remarksOf(resource, env, live, needs),
  };
}

/** Without what has our name by chance, in a place where it does not matter. */
function inTheWay(resource: AnyResource, env: Env, live: Live | undefined): Live | undefined {
  const isOurs = !live?.tags || ownershipOf(resource, env, live.tags) === 'ours';
  return live && !isOurs && resource.concerns?.(live, env) === false ? undefined : live;
}

function ownershipOf(resource: AnyResource, env: Env, tags: Tags): Ownership {
  return ownership(tags, env.tags, resource.shared ?? false);
}

/** What stands and is not ours is adopted only when the person says so. */
function adoption(resource: AnyResource, env: Env, live: Live, adopt: boolean): Difference[] {
  if (!live.tags) return [];
  const owner = ownershipOf(resource, env, live.tags);
  if (owner === 'ours') return [];
  const what = `${resource.name} ${live.id}`;
  if (owner !== 'nobody') {
    throw new UserError(
      `${what} belongs to ${owner.other}.`,
      `Choose another name: ${env.rename}.`,
    );
  }
  if (!adopt) {
    throw new UserError(
      `${what} is there already and was not made by digital-apps.`,
      `Add --adopt to take it over, or choose another name: ${env.rename}.`,
    );
  }
  return [{ field: 'tags', from: undefined, to: env.tags }];
}

function refuseUnchangeable(
  resource: AnyResource,
  env: Env,
  live: Live,
  changes: Difference[],
): void {
  const fixed = changes.find(({ field }) => field !== 'tags' && !setterOf(resource, field));
  if (!fixed) return;
  throw new UserError(
    `${resource.name} ${live.id} has ${fixed.field} ${fixed.from} and AWS cannot change that to ${fixed.to}.`,
    `Keep ${fixed.from}, or set up another beside it: ${env.rename}.`,
  );
}

/** What a person should know of a thing as it stands, and the run leaves as it is. */
export function remarksOf(
  resource: AnyResource,
  env: Env,
  live: Live,
  needs: Record<string, Live | undefined>,
): string[] {
  const more = extras(live, resource.wanted(env, needs, live)).map(
    ({ field, items }) => `also has ${field} ${items.join(', ')}: not asked for, left alone`,
  );
  return [...(resource.remarks?.(env, live, needs) ?? []), ...more];
}

/** What the run leaves alone because a person must decide, a sentence each. */
export function attentionOf(
  resource: AnyResource,
  env: Env,
  live: Live,
  needs: Record<string, Live | undefined>,
): string[] {
  return resource.attention?.(env, live, needs) ?? [];
}

/** What stands after a run, by resource. */
export function livesOf(results: Result[]): Lives {
  return new Map(results.map(({ resource, live }) => [resource, live]));
}

/** The state a step will leave behind, as far as it can be told; undefined for what is yet to be made. */
function foresee({ resource, live, action, wanted }: Step): Live | undefined {
  if (!live || action !== 'change') return live;
  return { ...live, ...wanted, ...resource.foresee?.(live) };
}

/** Stands for what is yet to be made, to show what is built on it. */
function imagine({ resource, wanted }: Step, env: Env): Live {
  return { id: `(the new ${resource.name})`, ...wanted, ...resource.imagine?.(env) };
}

/** What a resource's needs yield, by the names it gives them. */
export function needsOf(resource: AnyResource, lives: Map<AnyResource, Live | undefined>) {
  const needs = resource.needs as Record<string, AnyResource>;
  return Object.fromEntries(Object.entries(needs).map(([name, need]) => [name, lives.get(need)]));
}

/** How a field is changed; a path into a field is changed with the whole field. */
function setterOf(resource: AnyResource, field: string) {
  return resource.set[topOf(field)];
}

export function topOf(field: string): string {
  return field.split('.')[0] ?? field;
}
