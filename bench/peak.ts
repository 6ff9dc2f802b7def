/** Loaded into the program before it starts: at its end it writes the most memory it had, in MB, to a file. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.PEAK!, String(process.resourceUsage().maxRSS / 1024));
});
