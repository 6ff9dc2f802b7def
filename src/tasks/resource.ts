import type { Scope } from './env.ts';
import type { Section } from './sections.ts';
import type { Tags } from './tags.ts';

/** What stands in AWS (or on this machine) of one resource. */
export interface Live {
  /** The id, name or ARN a person would look for. */
  id: string;
  /** Absent where AWS keeps no tags of such a thing; then it is not asked whose it is. */
  tags?: Tags;
}

// biome-ignore lint/suspicious/noExplicitAny: stands for a resource of any kind.
export type AnyResource = Resource<any, any, any, any>;
export type Needs = Record<string, AnyResource>;
export type NoNeeds = Record<never, AnyResource>;

/** What each needed resource yields; undefined for one that does not apply to these answers. */
export type Yields<N extends Needs> = {
  [K in keyof N]: N[K] extends Resource<infer _L, infer _N, infer _S, infer Yield> ? Yield : never;
};

/** How a resource is looked for; never changes anything; undefined when it is not there. */
type Reading<L extends Live, S extends Scope> =
  /** By its name or tag alone, before anything is asked: questions take their defaults from it. */
  | { namedByAnswer?: undefined; read(place: S['place']): Promise<L | undefined> }
  /** By what was answered. */
  | { namedByAnswer: true; read(answered: S['answered']): Promise<L | undefined> };

/** How one resource is read, wanted and made. The plan, the run and the report follow from it. */
export type Spec<L extends Live, N extends Needs, S extends Scope> = Described<L, N, S> &
  Reading<L, S>;

interface Described<L extends Live, N extends Needs, S extends Scope> {
  name: string;
  section: Section;
  /** One sentence for the person who wonders what it is for. */
  why: string;
  /** AWS's own page about it. */
  docs: string;
  /** Its page of the console, where that is not its section's. */
  console?: string;
  /** What AWS charges for it by, where it charges at all. */
  cost?: string;
  /** How long AWS usually takes to make it, in seconds, where that is worth saying. */
  usually?: { least: number; most: number };
  /** What it takes values from; the edges of the graph, and typed. */
  needs: N;
  /** What must stand before it although it takes no value from there. */
  after?: AnyResource[];
  /** Somebody else's thing that the person picked instead: used as it is, never changed. */
  chosen?(answered: S['answered']): Promise<L | undefined>;
  /** Set for what AWS does by itself and a run only waits for. */
  waits?: boolean;
  /** Set for what must be seen to hold once more after any change. */
  proves?: boolean;
  /** Set for what several clusters of an account have in common. */
  shared?: boolean;
  /** Whether something of that name that is not ours is in the way at all. */
  concerns?(live: L, answered: S['answered']): boolean;
  /**
   * The fields as they should be. An array must be equal; of a Set, the live one may hold more.
   * What stands is given for what a person may have made their own.
   */
  wanted(env: S['env'], needs: Yields<N>, live?: L): Partial<L>;
  /** Makes it, tagged in the call itself, and says what stands; fields not yet as wanted are then set one by one. */
  create(env: S['env'], needs: Yields<N>, wanted: Partial<L>): Promise<L>;
  /** How each field is changed in place; a field without a setter cannot be. Answers what else changed with it. */
  set: {
    [K in keyof L]?: (
      change: Change<L, K, N, S>,
    ) => Promise<Partial<L> | undefined> | Promise<void>;
  };
  /** Puts our tags on a thing that was adopted. */
  tag?(env: S['env'], live: L): Promise<void>;
  /**
   * Why it is left for a later run, which is no failure: somebody else must do something first. What
   * stands of it stays; where nothing does, what needs it is given undefined.
   */
  postponed?(env: S['env'], needs: Yields<N>): string | undefined;
  /** What else changes with those fields, where that can be told beforehand. */
  foresee?(live: L): Partial<L>;
  /** What a new one will be beside its wanted fields, so that a plan can show what is built on it. */
  imagine?(env: S['env']): Partial<L>;
  /** What a person should know and the run leaves as it is. */
  remarks?(env: S['env'], live: L, needs: Yields<N>): string[];
  /** What was left alone because a person must decide, a sentence each. */
  attention?(env: S['env'], live: L, needs: Yields<N>): string[];
  /** What will be written, line by line, for those who look before they agree. */
  preview?(env: S['env'], live: L | undefined): string[];
}

interface Change<L extends Live, K extends keyof L, N extends Needs, S extends Scope> {
  env: S['env'];
  live: L;
  to: L[K];
  needs: Yields<N>;
}

export type Resource<
  L extends Live = Live,
  N extends Needs = Needs,
  S extends Scope = Scope,
  Yield = L,
> = Spec<L, N, S> & {
  /** Whether it applies to these answers at all. */
  when?(answered: S['answered']): boolean;
  /** Never set: carries the type that needs of it are given. */
  readonly yields?: Yield;
};

/** The two ways to declare a resource, for those that are given the same things. */
export function declaring<S extends Scope>() {
  return {
    /** Declares a resource that is always there. */
    resource<L extends Live, const N extends Needs>(spec: Spec<L, N, S>): Resource<L, N, S> {
      return spec;
    },
    /** Declares a resource that only some answers ask for. */
    resourceWhen<L extends Live, const N extends Needs>(
      when: (answered: S['answered']) => boolean,
      spec: Spec<L, N, S>,
    ): Resource<L, N, S, L | undefined> {
      return { ...spec, when };
    },
  };
}
