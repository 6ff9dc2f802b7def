/** Makes the README's picture of deploy: a container that ends by itself is given up, and says why. */
import { writeFile } from 'node:fs/promises';
import { IMAGE, newDeployWorld } from '../test/deploy/deploy-world.ts';
import { openTerminal } from '../test/support/terminal.ts';
import { linesOf, prompt, toSvg } from './svg.ts';

const COLUMNS = 80;
const TITLE = 'A deployment that fails is rolled back, with its cause and what the container said';

const world = await newDeployWorld('parks');
try {
  await world.deploy('--image', IMAGE);
  const command = `command: ["sh", "-c", "echo no database at db:5432; exit 3"]`;
  await world.compose('mem_limit: 512m', `mem_limit: 512m\n    ${command}`);
  const terminal = openTerminal(['deploy', '--image', IMAGE], {
    ...{ env: world.machine.env, cwd: world.dir },
    ...{ columns: COLUMNS, rows: 40 },
  });
  const exitCode = await terminal.ended;
  if (exitCode !== 1) throw new Error(`deploy ended with ${exitCode}:\n${terminal.text()}`);
  const lines = [
    prompt(`npx digital-apps deploy --image ${IMAGE}`),
    [],
    ...linesOf(terminal.screen),
  ];
  await writeFile('docs/images/deploy.svg', toSvg(lines, COLUMNS, TITLE));
} finally {
  await world.stop();
}
