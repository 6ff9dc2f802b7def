import type { News } from '../../deploy/rollout/outcome.ts';
import type { Ask } from '../../questions/gather.ts';
import type { Conversation, Where } from '../conversation.ts';
import type { DeployReport, Going } from './report.ts';

/** One way of showing somebody a deploy; the command does not know which. */
export interface Deploying extends Pick<Conversation, 'busy' | 'close'> {
  where(where: Where): void;
  ask?: Ask;
  /** What goes where. */
  going(going: Going): void;
  /** A part of the work begins; the one before it has ended. */
  begin(part: Part): void;
  /** What is heard of it: docker's lines, and what is waited for. */
  line(text: string): void;
  /** It has come to its end: "built", and what of. */
  end(says: string, what: string): void;
  news(news: News): void;
  /** The first Ctrl-C. */
  stopping(isUnderWay: boolean): void;
  ended(report: DeployReport): void;
}

/** A part of the work, under a name for logs that can be folded. */
export interface Part {
  id: 'build' | 'push' | 'register' | 'rollout';
  title: string;
}
