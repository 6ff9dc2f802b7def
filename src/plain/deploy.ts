import type { Where } from '../commands/conversation.ts';
import type { Deploying, Part } from '../commands/deploy/deploying.ts';
import { copiable } from '../commands/deploy/report.ts';
import type { News, Progress } from '../deploy/rollout/outcome.ts';
import { asker } from './ask.ts';
import { deployDocument } from './deploy-document.ts';
import {
  eventWords,
  progressWords,
  showDeployReport,
  showGoing,
  taskWords,
} from './deploy-report.ts';
import { ACCENT, duration, type Page } from './style.ts';
import { showWhere } from './where.ts';

/** Where the third column begins. */
const COLUMN = 20;

/** In milliseconds. Travis CI ends a job that has said nothing for ten minutes; people wonder sooner. */
const LONGEST_SILENCE = 60_000;

/** Below the lines of a terminal: what goes on right now. Without one, every line stays. */
export interface Live {
  show(part: Part | undefined, text?: string): void;
}

export interface PlainDeployOptions {
  page: Page;
  /** Whether there is a person to ask. */
  asks: boolean;
  /** One JSON document on stdout. */
  json: boolean;
  live?: Live;
  /** Travis CI folds away what is marked so: building and pushing. */
  folds: boolean;
}

/** A deploy in lines, for CI and for reading it afterwards. */
export function plainDeploying(options: PlainDeployOptions): Deploying {
  const { page, live } = options;
  let part: Part | undefined;
  let since = 0;
  let progress = '';
  /** Said once each: a container that fails is started again, and fails again. */
  const meanings = new Set<string>();
  const fold = (what: 'start' | 'end') => {
    if (!options.folds || (part?.id !== 'build' && part?.id !== 'push')) return;
    process.stdout.write(`travis_fold:${what}:${part.id}\r\x1b[0K`);
  };
  const took = () => (performance.now() - since) / 1000;
  const row = (says: string, seconds: number, rest: string, colour: string = ACCENT) => {
    const time = duration(seconds);
    const gap = ' '.repeat(COLUMN - 2 - says.length - time.length);
    const start = says && page.style(colour as 'red', says) + gap;
    page.wrapped(`${start}${page.style('dim', time)}  ${rest}`, {
      ...{ indent: says ? 0 : gap.length, hanging: COLUMN },
    });
  };
  let at: Where | undefined;
  let copied = (advice: string) => advice;
  let heard = '';
  let silence: NodeJS.Timeout | undefined;
  const stillThere = () => row('', took(), heard || 'still going on', 'dim');
  const leave = () => {
    clearInterval(silence);
    live?.show(undefined);
    fold('end');
    part = undefined;
  };
  return {
    where(where) {
      at = where;
      showWhere(page, where);
    },
    busy: (sentence) => page.line(page.style('dim', sentence)),
    ask: options.asks ? asker(page) : undefined,
    going(going) {
      copied = (advice) => copiable(advice, { ...at!, ...going });
      showGoing(page, going);
    },
    begin(next) {
      part = next;
      since = performance.now();
      progress = '';
      heard = '';
      fold('start');
      live?.show(part);
      if (live) return;
      page.wrapped(page.style('bold', next.title));
      silence = setInterval(stillThere, LONGEST_SILENCE);
    },
    line(text) {
      silence?.refresh();
      heard = text;
      if (live) live.show(part, text);
      else page.line(page.style('dim', `  ${text}`));
    },
    end(says, what) {
      leave();
      row(says, took(), what);
    },
    close: leave,
    news(news) {
      if (news.kind === 'progress') showProgress(news);
      else if (news.kind === 'unanswered')
        row('AWS', took(), `${news.answer} Asking again.`, 'dim');
      else showNews(news);
    },
    stopping(isUnderWay) {
      page.wrapped(
        isUnderWay
          ? '\nNo longer watching.'
          : '\nStopping after what is under way. Ctrl-C again leaves at once.',
      );
    },
    ended(report) {
      leave();
      showDeployReport(page, report);
      if (options.json) {
        process.stdout.write(`${JSON.stringify(deployDocument(report), undefined, 2)}\n`);
      }
    },
  };

  function showProgress(news: Progress): void {
    const words = progressWords(news);
    live?.show(part, words);
    heard = words;
    // Without a terminal to draw in, a line for each change, and one a minute for the time alone.
    if (words === progress) return;
    row('', news.seconds, words);
    silence?.refresh();
    progress = words;
  }

  function showNews(news: Extract<News, { kind: 'event' | 'stopped' }>): void {
    silence?.refresh();
    const isTask = news.kind === 'stopped';
    const { cause, fix } = isTask ? news.task : news;
    const says = isTask ? taskWords(news.task) : eventWords(news.message);
    row(isTask ? 'failed' : 'ECS', took(), says, isTask || cause ? 'red' : 'dim');
    const meaning = [cause, fix && copied(fix)].filter(Boolean).join(' ');
    if (meaning && !meanings.has(meaning)) page.wrapped(meaning, { indent: COLUMN });
    meanings.add(meaning);
  }
}
