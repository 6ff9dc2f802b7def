import type { Outcome, Progress, Result } from '../tasks/graph.ts';
import { ACCENT, duration, type Page } from './style.ts';

const SAYS: Record<Outcome, string> = {
  create: 'created',
  change: 'changed',
  keep: 'ready',
  failed: 'failed',
  skipped: 'skipped',
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
      this.row('waiting', '', name, progress.text);
    }
    if (progress.state === 'done') this.done(progress.result);
  }

  private done({ resource, outcome, live, seconds, error, postponed }: Result): void {
    // What was as wanted from the start was counted in the plan.
    if (outcome === 'keep' && !resource.waits) return;
    const took = outcome === 'skipped' ? '' : duration(seconds);
    if (outcome === 'failed') {
      this.row(SAYS[outcome], took, resource.name, '');
      this.page.wrapped(error?.answer ?? '', { indent: 17 });
      return;
    }
    const id = live && live.id !== resource.name ? shortId(live.id) : '';
    const rest = error?.answer ?? postponed ?? id;
    this.row(SAYS[outcome], took, resource.name, rest);
  }

  private row(says: string, took: string, name: string, rest: string): void {
    const { page } = this;
    const colour = says === SAYS.failed ? 'red' : says === 'waiting' ? 'dim' : ACCENT;
    const start = `${page.style(colour, says.padEnd(7))}  ${page.style('dim', took.padStart(6))}  `;
    page.row({ start, name, rest, format: 'dim' });
  }
}

/** Of ARNs the part that tells; `--json` has all of it. */
function shortId(id: string): string {
  return id.startsWith('arn:') ? id.slice(id.lastIndexOf('/') + 1) : id;
}
