import type { Step } from '../cleanup/outcome.ts';
import type { CleanupTalk } from '../commands/cleanup-talk.ts';
import { agreed } from './ask.ts';
import { cleanupDocument } from './cleanup-document.ts';
import { showCleanup, showCleanupReport } from './cleanup-lines.ts';
import { grouped } from './cleanup-words.ts';
import { type PlainOptions, plainConversation } from './conversation.ts';
import { Page } from './style.ts';
import { placeOf } from './where.ts';

/** What takes longer says how far it is this often, in milliseconds. */
const EVERY = 15_000;

/** Cleaning up in plain lines. */
export function plainCleanup({ asks, json }: PlainOptions): CleanupTalk {
  const page = new Page(json ? process.stderr : process.stdout);
  const conversation = plainConversation({ asks, json });
  const told = new Map<string, number>();
  let place = '';
  return {
    conversation: {
      ...conversation,
      where(where) {
        place = placeOf(where);
        conversation.where(where);
      },
    },
    review(review) {
      page.wrapped(`${page.style('dim', 'Cluster ')}  ${review.cluster}`, { hanging: 10 });
      showCleanup(page, review);
    },
    agrees: asks ? () => agreed(page, place) : undefined,
    advanced({ app, what, done, of }: Step) {
      const key = `${app} ${what}`;
      const isDue = performance.now() - (told.get(key) ?? 0) > EVERY;
      if (!isDue && done < of) return;
      told.set(key, performance.now());
      page.line(`${app}: ${grouped(done)} of ${grouped(of)} ${what}`);
    },
    report(report) {
      showCleanupReport(page, report);
      if (json) process.stdout.write(`${JSON.stringify(cleanupDocument(report), undefined, 2)}\n`);
    },
  };
}
