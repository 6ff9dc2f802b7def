import { explain } from '../aws/errors.ts';
import { Interrupted } from '../errors.ts';
import type { App, Check, Looking, Status, Verdict } from './check.ts';

/** What became of one check. */
export interface Finding {
  check: Check<never>;
  /** The app it is about, where it is about one. */
  app?: string;
  /** The worst of its verdicts. */
  status: Status;
  verdicts: Verdict[];
  seconds: number;
}

/** A check, bound to what it looks at. */
export interface Examination {
  check: Check<never>;
  app?: string;
  look(): Promise<Verdict | Verdict[]>;
}

export function examination<L extends Looking>(
  check: Check<L>,
  looking: L & { app?: App },
): Examination {
  return { check, app: looking.app?.service, look: () => check.look(looking) };
}

/** From the best to the worst. */
const RANKS: Status[] = ['pass', 'skip', 'warn', 'fail'];

/**
 * Looks at everything at once. Each finding is told as soon as it is there; answered in order.
 * Never rejects: who cannot look says so.
 */
export function examine(
  examinations: Examination[],
  tell: (finding: Finding) => void,
): Promise<Finding[]> {
  return Promise.all(
    examinations.map(async (each) => {
      const finding = await examineOne(each);
      tell(finding);
      return finding;
    }),
  );
}

async function examineOne({ check, app, look }: Examination): Promise<Finding> {
  const begun = performance.now();
  const found = await look().then(
    (verdicts) => [verdicts].flat(),
    (error) => [couldNotLook(error)],
  );
  const verdicts = found.length > 0 ? found : [{ status: 'skip' as const, evidence: 'none here' }];
  const seconds = (performance.now() - begun) / 1000;
  return { check, app, verdicts, status: worstOf(verdicts), seconds };
}

export function worstOf(verdicts: Verdict[]): Status {
  return RANKS[Math.max(...verdicts.map(({ status }) => RANKS.indexOf(status)))]!;
}

function couldNotLook(error: unknown): Verdict {
  if (error instanceof Interrupted) return { status: 'skip', evidence: 'not looked at: stopped' };
  const { answer, fix } = explain(error);
  return { status: 'skip', evidence: `could not look: ${answer}`, fix };
}
