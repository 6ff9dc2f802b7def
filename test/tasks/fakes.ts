import type { Env, Scope } from '../../src/tasks/env.ts';
import { type Progress, type Result, run } from '../../src/tasks/graph.ts';
import { makePlan, type Plan } from '../../src/tasks/plan.ts';
import {
  type AnyResource,
  declaring,
  type Live,
  type Needs,
  type Resource,
  type Spec,
} from '../../src/tasks/resource.ts';
import { Standing } from '../../src/tasks/standing.ts';
import { ourTags } from '../../src/tasks/tags.ts';

const { resource } = declaring<Scope>();

/** What the engine itself looks at; the rest is for real resources alone. */
export function fakeEnv(signal = new AbortController().signal): Env {
  const tags = ourTags('parks', 'us-east-2');
  return {
    tags,
    signal,
    region: 'us-east-2',
    rename: '--set cluster-prefix=NAME',
    waiting: () => {},
  } as unknown as Env;
}

export interface Thing extends Live {
  size?: number;
  /** What it refers to. */
  on?: string;
  rules?: Set<string>;
  shape?: Record<string, unknown>;
}

/** A resource that makes itself out of nothing; override what a test is about. */
export function thing<const N extends Needs = Record<never, AnyResource>>(
  name: string,
  spec: Partial<Omit<Spec<Thing, N, Scope>, 'needs'>> & { needs?: N } = {},
): Resource<Thing, N, Scope> {
  return resource<Thing, N>({
    name,
    section: 'IAM > Roles',
    why: 'For a test.',
    docs: 'https://example.gov',
    needs: {} as N,
    read: async () => undefined,
    wanted: () => ({}),
    create: async () => ({ id: `new ${name}` }),
    set: {},
    ...spec,
  } as Spec<Thing, N, Scope>);
}

/** Looks and plans, as a command does. */
export async function plan(
  resources: AnyResource[],
  { env = fakeEnv(), adopt = false } = {},
): Promise<Plan> {
  const standing = new Standing();
  await standing.readByName(resources, env);
  await standing.readByAnswer(resources, env);
  return makePlan(resources, env, standing, { adopt });
}

/** Plans and runs; answers with what became of each, and all that was told on the way. */
export async function planAndRun(resources: AnyResource[], env = fakeEnv()) {
  const told: Progress[] = [];
  const results = await run(await plan(resources, { env }), (progress) => told.push(progress));
  return { results, told, outcomes: outcomesOf(results) };
}

function outcomesOf(results: Result[]): Record<string, string> {
  return Object.fromEntries(results.map(({ resource, outcome }) => [resource.name, outcome]));
}
