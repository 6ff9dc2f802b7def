/** `npm run bench`: how fast, and in how many calls. Every figure is a ratio of two times of the same run, or a count. */

import { runs } from './runs.ts';
import { startUp } from './start-up.ts';

const rows = [...(await runs()), await startUp()];
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, value, aim } of rows) {
  console.log(`${what.padEnd(width)}  ${value.padStart(8)}${aim ? `  (aim ≤ ${aim})` : ''}`);
}

export interface Row {
  what: string;
  value: string;
  aim?: string;
}
