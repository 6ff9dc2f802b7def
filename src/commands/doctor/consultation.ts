import type { Diagnosis } from '../../checks/diagnosis.ts';
import type { Finding } from '../../checks/examine.ts';
import type { Conversation, Where } from '../conversation.ts';
import type { Pass } from './pass.ts';

/** What a person wants once they have seen what was found; to watch is also to end that. */
export type Wish = 'quit' | 'fix' | 'watch' | 'save';

/** One way of showing somebody how a cluster is; the command does not know which. */
export interface Consultation {
  /** For all that is not particular to looking: where one is, questions, and mending. */
  conversation: Conversation;
  /** A look begins, of which every finding will be told. */
  looking(pass: Pass): void;
  /** Its apps are listed by now, and are looked at, too. */
  joined(pass: Pass): void;
  found(finding: Finding): void;
  /** All was looked at; `before` is the look before it, while one watches. */
  diagnosed(diagnosis: Diagnosis, before?: Diagnosis): void;
  /** What to do now; absent where nobody can be asked. */
  wish?(diagnosis: Diagnosis, isWatching: boolean): Promise<Wish>;
  /** What it has come to in the end. */
  ended(where: Where, diagnosis: Diagnosis): void;
}
