import type { AppNames } from '../tasks/app/names.ts';
import type { Place } from '../tasks/cluster/scope.ts';
import type { AnyResource } from '../tasks/resource.ts';

/** What is looked at, by topic: what a person sees as parts of the report. */
export const GROUPS = [
  'Credentials',
  'Cluster',
  'Instances',
  'Network',
  'Roles',
  'Agent',
  'Load balancer',
  'Account',
  'App',
  'Delivery',
  'Traffic',
  'Machine',
] as const;

export type Group = (typeof GROUPS)[number];

export type Status = 'pass' | 'warn' | 'fail' | 'skip';

/** What one look has shown. */
export interface Verdict {
  status: Status;
  /** What was seen, in a sentence or two; never a secret. */
  evidence: string;
  /** What to do now, with the names filled in: a command of ours, an AWS CLI line, or a console link. */
  fix?: string;
  /** Which of several it is about: an instance, a host. */
  subject?: string;
  /** Where they are several that its evidence may not all name: these. */
  subjects?: string[];
  /** Where its check is mendable: that this is not. */
  isByHand?: true;
  /** The part of the cluster it is about, and the field, where another check may judge that, too. */
  part?: { resource: AnyResource; field: string };
  /** What it has found wrong of the cluster, where not each verdict of its check is about that. */
  judges?: Judged[];
}

/** A part of the cluster, and which of its fields, `id` for its being there at all; all where none is named. */
export type Judged = [resource: AnyResource, ...fields: string[]];

/** What checks of a cluster are given. What AWS is asked twice in one pass costs one call. */
export interface Looking extends Place {
  /** Whether to look where all seems well, too. */
  deep: boolean;
  signal: AbortSignal;
}

/** An app as the cluster knows it. */
export interface App {
  service: string;
  names: AppNames;
  /** "owner/name" at GitHub, where that is known. */
  repository?: string;
  targetGroupArn?: string;
  /** By the rules of the load balancer. */
  hosts: string[];
}

export interface AppLooking extends Looking {
  app: App;
  /** Whether so many apps are looked at that a call for each is too much where all seems well. */
  isOneOfMany?: boolean;
}

/** One question the doctor asks. */
export interface Check<L extends Looking = Looking> {
  /** Stable, and documented: "network.route". */
  id: string;
  group: Group;
  /** What holds when all is well: "The subnets have a way out". */
  title: string;
  /** What is told where it warns or fails, true of both: "Subnets have no way out". */
  problem: string;
  /** Why it matters, in a sentence. */
  why: string;
  /** What one does about it, in general, for the documentation. */
  fix: string;
  /** Whether `init-cluster`, or for an app `add-app`, puts it right where it is not said otherwise, and so may `doctor --fix`. */
  isMendable?: true;
  /** What it looks at of what init-cluster makes: while something is wrong there, drift of it is not told as well. */
  judges?: Judged[];
  /** Looks, and never changes anything. What it throws is reported as "could not look". */
  look(looking: L): Promise<Verdict | Verdict[]>;
}

export function pass(evidence: string, subject?: string): Verdict {
  return { status: 'pass', evidence, subject };
}

export function warn(evidence: string, fix?: string, subject?: string): Verdict {
  return { status: 'warn', evidence, fix, subject };
}

export function fail(evidence: string, fix?: string, subject?: string): Verdict {
  return { status: 'fail', evidence, fix, subject };
}

/** About several instances, or hosts, in one. */
export function aboutAll(verdict: Verdict, subjects: string[]): Verdict {
  return { ...verdict, subjects };
}

/** Of what init-cluster leaves to people: scaling, and replacing what runs. */
export function byHand(verdict: Verdict): Verdict {
  return { ...verdict, isByHand: true };
}

/** Whether there is something to do about it. */
export function isWrong({ status }: { status: Status }): boolean {
  return status === 'fail' || status === 'warn';
}

/** It does not apply, or cannot be told. */
export function skip(evidence: string): Verdict {
  return { status: 'skip', evidence };
}
