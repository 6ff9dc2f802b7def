/** Makes the README's pictures of the wizard: a real run in a terminal, a scene at a time. */
import { writeFile } from 'node:fs/promises';
import { keys } from '../test/support/keys.ts';
import { newMachine } from '../test/support/program.ts';
import { openTerminal } from '../test/support/terminal.ts';
import { linesOf, toSvg } from './svg.ts';

const COLUMNS = 80;
/** Every question but the one that is shown has its usual answer beforehand. */
const ANSWERED = [
  ...['account-prefix=digital', 'cluster-prefix=digitalApps', 'bucket-prefix=cob'],
  ...['bucket=cob-digital-apps-config', 'instance-type=t3.small', 'ami=recommended'],
  ...['disk-size=30', 'min=1', 'desired=2', 'max=4', 'vpc-cidr=10.20.0.0/16'],
  ...['zones=us-east-2a,us-east-2b', 'ssh-cidrs=', 'key-pair=new', 'ssh-add=no'],
  ...['container-insights=no', 'certificate=none'],
];

const machine = await newMachine(undefined);
try {
  const terminal = openTerminal(
    ['init-cluster', '--sandbox', ...ANSWERED.flatMap((answer) => ['--set', answer])],
    { env: machine.env, cwd: machine.home, columns: COLUMNS, rows: 24 },
  );
  const draw = async (scene: string, title: string) => {
    const lines = linesOf(terminal.screen);
    await writeFile(`docs/images/wizard-${scene}.svg`, toSvg(lines, COLUMNS, title));
  };
  await terminal.shows('go on');
  terminal.press(keys.enter);
  await terminal.shows('Which network');
  await draw('question', 'A question of the wizard: which network should the cluster live in?');
  terminal.press(keys.enter);
  await terminal.shows('to create');
  terminal.press(...Array(7).fill(keys.down), '\x1b[C');
  await terminal.shows('tcp 0-65535');
  await draw('review', 'The plan in the wizard, with one row opened');
  terminal.press('a');
  await terminal.shows('joined');
  await draw('run', 'The run in the wizard, with the sections that are done folded');
  await terminal.ended;
} finally {
  await machine.run('sandbox', 'stop');
  await machine.remove();
}
