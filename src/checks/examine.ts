import { explain } from '../aws/errors.ts';
import { Interrupted } from '../errors.ts';
import { withoutSecrets } from '../mask.ts';
import { type App, type Check, type Looking, type Status, skip, type Verdict } from './check.ts';
import { whereverCopied } from './command-lines.ts';

/** What became of one check. */
export interface Finding {
  check: Check<never>;
  /** The app it is about, where it is about one. */
  app?: string;
  /** The worst of its verdicts. */
  status: Status;
  verdicts: Verdict[];
  /** It could not look: it was refused, or something broke. */
  isUnable?: true;
  seconds: number;
}

/** A check, bound to what it looks at. */
export interface Examination {
  check: Check<never>;
  app?: string;
  look(): Promise<Verdict[]>;
}

export function examination<L extends Looking>(
  check: Check<L>,
  looking: L & { app?: App },
): Examination {
  return {
    check,
    app: looking.app?.service,
    look: async () =>
      [await check.look(looking)].flat().map((verdict) => fixedIn(looking, verdict)),
  };
}

function fixedIn(looking: Looking, verdict: Verdict): Verdict {
  return verdict.fix ? { ...verdict, fix: whereverCopied(verdict.fix, looking) } : verdict;
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
  const outcome = await look().then(looked, unable);
  return { check, app, ...outcome, seconds: (performance.now() - begun) / 1000 };
}

type Outcome = Pick<Finding, 'status' | 'verdicts' | 'isUnable'>;

function looked(found: Verdict[]): Outcome {
  const verdicts = (found.length > 0 ? found : [skip('none here')]).map((verdict) => ({
    ...verdict,
    // Much of it is as people and programs have written it.
    evidence: withoutSecrets(verdict.evidence),
  }));
  return { status: worstOf(verdicts), verdicts };
}

export function worstOf(verdicts: Verdict[]): Status {
  return RANKS[Math.max(...verdicts.map(({ status }) => RANKS.indexOf(status)))]!;
}

function unable(error: unknown): Outcome {
  if (error instanceof Interrupted) return looked([skip('not looked at: stopped')]);
  const { answer, fix } = explain(error);
  return { ...looked([{ ...skip(`could not look: ${answer}`), fix }]), isUnable: true };
}
