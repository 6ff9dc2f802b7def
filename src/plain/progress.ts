import type { Outcome, Progress, Result } from '../tasks/graph.ts';
import { duration, type Page } from './style.ts';

const SAYS: Record<
  Outcome,
  { mark: string; word: string; colour: 'green' | 'yellow' | 'red' | 'dim' }
> = {
  create: { mark: '✔', word: 'created', colour: 'green' },
  change: { mark: '✔', word: 'changed', colour: 'yellow' },
  keep: { mark: '✔', word: '', colour: 'green' },
  failed: { mark: '✖', word: 'failed', colour: 'red' },
  skipped: { mark: '–', word: 'skipped', colour: 'dim' },
};

/** One line a change of state, so that a log and a screen reader can follow. */
export class ProgressLines {
  private readonly page: Page;
  private readonly waitingFor = new Map<string, string>();

  constructor(page: Page) {
    this.page = page;
  }

  show(progress: Progress): void {
    const { name } = progress.resource;
    if (progress.state === 'waiting' && this.waitingFor.get(name) !== progress.text) {
      this.waitingFor.set(name, progress.text);
      this.page.wrapped(this.page.style('dim', `… ${name}: ${progress.text}`), 2);
    }
    if (progress.state === 'done') this.done(progress.result);
  }

  private done({ resource, outcome, live, seconds, error }: Result): void {
    // What was as wanted from the start was counted in the plan.
    if (outcome === 'keep' && !resource.waits) return;
    const { mark, word, colour } = SAYS[outcome];
    const { page } = this;
    if (error) {
      page.wrapped(`${page.style(colour, `${mark} ${resource.name} ${word}`)}: ${error.answer}`, 2);
      if (error.fix && outcome === 'failed') page.wrapped(error.fix, 4);
      return;
    }
    const rest = [word, live?.id, duration(seconds)].filter(Boolean).join('  ');
    page.wrapped(`${page.style(colour, mark)} ${resource.name}  ${page.style('dim', rest)}`, 2);
  }
}
