/** Makes the README's picture of the doctor: a route is removed, and what follows is told with it. */
import { writeFile } from 'node:fs/promises';
import { network } from '../test/doctor/breakages/network.ts';
import { newClinic } from '../test/doctor/clinic.ts';
import { openTerminal } from '../test/support/terminal.ts';
import { linesOf, prompt, toSvg } from './svg.ts';

const COLUMNS = 80;
/** What is installed where the picture is made is nobody else's matter. */
const ARGS = ['doctor', 'parks', '--skip', 'machine'];
const TITLE = 'The doctor names a missing route as the cause of three other findings';

const clinic = await newClinic();
try {
  const patient = await clinic.copy();
  const route = network.find(({ cause }) => cause === 'network.route')!;
  await route.happen(patient);
  const terminal = openTerminal(ARGS, {
    ...{ env: patient.machine.env, cwd: patient.machine.home },
    ...{ columns: COLUMNS, rows: 30 },
  });
  await terminal.shows('root cause');
  terminal.press('q');
  const exitCode = await terminal.ended;
  await patient.stop();
  if (exitCode !== 1) throw new Error(`doctor ended with ${exitCode}:\n${terminal.text()}`);
  const lines = [prompt(`npx digital-apps ${ARGS.join(' ')}`), [], ...linesOf(terminal.screen)];
  await writeFile('docs/images/doctor.svg', toSvg(lines, COLUMNS, TITLE));
} finally {
  await clinic.stop();
}
