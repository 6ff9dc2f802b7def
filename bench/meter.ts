/** Loaded into the program before it starts: on SIGUSR2 it appends the CPU time used so far, in seconds, to a file. */
import { appendFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  appendFileSync(process.env.METER!, `${(user + system) / 1e6}\n`);
});
