/** `npm run bench`: how fast, and in how many calls. Figures of speed are ratios of two times of the same run, or counts; those of the wizard are what one sees. */

import { cleanup } from './cleanup.ts';
import { doctor } from './doctor.ts';
import { runs } from './runs.ts';
import { startUp } from './start-up.ts';
import { status } from './status.ts';
import { wizard } from './wizard.ts';

const rows = [
  ...(await runs()),
  await startUp(),
  ...(await wizard()),
  ...(await doctor()),
  ...(await status()),
  ...(await cleanup()),
];
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, value, aim } of rows) {
  console.log(`${what.padEnd(width)}  ${value.padStart(8)}${aim ? `  (aim ≤ ${aim})` : ''}`);
}

export interface Row {
  what: string;
  value: string;
  aim?: string;
}
