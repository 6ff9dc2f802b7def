import { explain } from '../aws/errors.ts';
import { Interrupted } from '../errors.ts';
import { type App, type Check, type Looking, type Status, skip, type Verdict } from './check.ts';

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
  // What is thrown at once is no other than what is rejected later.
  const outcome = await (async () => look())().then(looked, unable);
  return { check, app, ...outcome, seconds: (performance.now() - begun) / 1000 };
}

type Outcome = Pick<Finding, 'status' | 'verdicts' | 'isUnable'>;

function looked(found: Verdict | Verdict[]): Outcome {
  const several = [found].flat();
  const verdicts = several.length > 0 ? several : [skip('none here')];
  return { status: worstOf(verdicts), verdicts };
}

export function worstOf(verdicts: Verdict[]): Status {
  return RANKS[Math.max(...verdicts.map(({ status }) => RANKS.indexOf(status)))]!;
}

function unable(error: unknown): Outcome {
  if (error instanceof Interrupted) return looked(skip('not looked at: stopped'));
  const { answer, fix } = explain(error);
  return { ...looked({ ...skip(`could not look: ${answer}`), fix }), isUnable: true };
}
