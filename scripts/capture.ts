/** Makes the README's picture: a real run of `init-cluster` in a terminal, drawn as an SVG. */
import { mkdir, writeFile } from 'node:fs/promises';
import { newMachine } from '../test/support/program.ts';
import { openTerminal } from '../test/support/terminal.ts';
import { linesOf, prompt, type Run, toSvg } from './svg.ts';

const COLUMNS = 80;
/** Lines that a page has room for. */
const MOST = 66;
const MORE: Run = { text: '⋮', column: 2, dim: true };
const ARGS = ['init-cluster', '--sandbox', '--yes'];
const COMMAND = `npx digital-apps ${ARGS.join(' ')}`;

const machine = await newMachine(undefined);
try {
  const terminal = openTerminal(ARGS, {
    ...{ env: machine.env, cwd: machine.home },
    ...{ columns: COLUMNS, rows: 50 },
  });
  const exitCode = await terminal.ended;
  if (exitCode !== 0) throw new Error(`init-cluster ended with ${exitCode}:\n${terminal.text()}`);
  const lines = [prompt(COMMAND), [], ...shorten(linesOf(terminal.screen).map(atHome))];
  await mkdir('docs/images', { recursive: true });
  await writeFile('docs/images/init-cluster.svg', toSvg(lines, COLUMNS, COMMAND));
} finally {
  await machine.run('sandbox', 'stop');
  await machine.remove();
}

/** The plan's beginning and the run: what is left out says more of the same. */
function shorten(lines: Run[][]): Run[][] {
  const isSection = (runs: Run[]) => runs[0]?.column === 0 && / > /.test(runs[0].text);
  const sections = lines.flatMap((runs, row) => (isSection(runs) ? [row] : []));
  const run = lines.findIndex((runs) => runs[0]?.text.startsWith('created'));
  const plan = [...lines.slice(0, sections[2]), [MORE], []];
  const begun = run + 3;
  const tooMany = plan.length + lines.length - run - MOST;
  const onward = lines.findIndex((runs, row) => row >= begun + tooMany && runs[0]?.column === 0);
  return [...plan, ...lines.slice(run, begun), [MORE], ...lines.slice(onward)];
}

function atHome(runs: Run[]): Run[] {
  return runs.map((run) => ({ ...run, text: run.text.replaceAll(machine.home, '~') }));
}
