import type { Preflight } from '../aws/preflight.ts';
import type { Diagnosis } from '../checks/diagnosis.ts';
import type { Examination, Finding } from '../checks/examine.ts';
import type { Decision, Elsewhere, Proposal, Report, Where } from '../commands/conversation.ts';
import type { Wish } from '../commands/doctor/consultation.ts';
import type { Subject } from '../commands/doctor/report.ts';
import type { Put } from '../questions/gather.ts';
import type { AnyQuestion } from '../questions/question.ts';
import type { Status } from '../status/status.ts';
import type { RunState } from './run-state.ts';

/** What is on screen. A scene that asks is answered through its callback, once. */
export type Scene =
  | { kind: 'busy'; sentence: string }
  | {
      kind: 'settle';
      permissions: Promise<Preflight>;
      answer(elsewhere: Elsewhere | undefined): void;
    }
  | {
      kind: 'ask';
      question: AnyQuestion;
      put: Put;
      /** What was typed and not yet taken, by question. */
      drafts: Map<string, string>;
      answer(value: unknown): void;
    }
  | { kind: 'review'; proposal: Proposal; answer(decision: Decision): void }
  /** Looked at by the clock, not told: a run says more than one can read. */
  | { kind: 'run'; run(): RunState; calls(): number; stopping: boolean }
  | { kind: 'end'; report: Report; answer(retry: boolean): void }
  | { kind: 'looking'; subject: Subject; examinations: Examination[]; findings: Finding[] }
  | {
      kind: 'diagnosis';
      diagnosis: Diagnosis;
      subject: Subject;
      isWatching: boolean;
      answer(wish: Wish): void;
    }
  | { kind: 'status'; status: Status; answer(): void };

export interface Snapshot {
  where?: Where;
  scene: Scene;
  /** Good to know while one is asked. */
  remark?: string;
}

/** Holds what is on screen between a command, which sets it, and the components, which show it. */
export class Stage {
  private snapshot: Snapshot = { scene: { kind: 'busy', sentence: '' } };
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly get = (): Snapshot => this.snapshot;

  set(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Shows a scene and waits for its answer. */
  ask<Answer>(scene: (answer: (value: Answer) => void) => Scene): Promise<Answer> {
    return new Promise((resolve) => this.set({ scene: scene(resolve) }));
  }
}
