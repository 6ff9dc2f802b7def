import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { clusterIn } from '../../src/checks/instances/user-data.ts';

function joined(text: string): string | undefined {
  return clusterIn(Buffer.from(text).toString('base64'));
}

const CONFIG = '/etc/ecs/ecs.config';

test.each([
  ['one line', `#!/bin/bash\necho ECS_CLUSTER=parks >> ${CONFIG}\n`],
  ['quotes', `#!/bin/bash\necho "ECS_CLUSTER=parks" >> ${CONFIG}`],
  [
    'the last of several',
    `echo ECS_CLUSTER=other >> ${CONFIG}\necho ECS_CLUSTER='parks' >> ${CONFIG}`,
  ],
  [
    'a here document',
    `cat <<'EOF' > ${CONFIG}\nECS_CLUSTER=parks\nECS_ENABLE_TASK_IAM_ROLE=true\nEOF`,
  ],
  [
    'one that is not in the comment after it',
    `echo ECS_CLUSTER=parks >> ${CONFIG}\n# echo ECS_CLUSTER=other`,
  ],
  [
    'what is written after the file was emptied',
    `echo A=1 > ${CONFIG}\necho ECS_CLUSTER=parks>>${CONFIG}`,
  ],
  ['Windows’ line ends', `#!/bin/bash\r\necho ECS_CLUSTER=parks >> ${CONFIG}\r\n`],
])('the cluster is read from %s', (_, text) => {
  expect(joined(text)).toBe('parks');
});

test.each([
  ['there is no user data', ''],
  ['it is commented out', `#!/bin/bash\n  # echo ECS_CLUSTER=parks >> ${CONFIG}`],
  ['it goes into another file', 'echo ECS_CLUSTER=parks >> /etc/ecs.config'],
  [
    'the file is overwritten afterwards',
    `echo ECS_CLUSTER=parks >> ${CONFIG}\necho A=1 > ${CONFIG}`,
  ],
  ['the name is empty', `echo ECS_CLUSTER= >> ${CONFIG}`],
])('no cluster is read where %s', (_, text) => {
  expect(joined(text)).toBeUndefined();
});

test('compressed user data is read, too', () => {
  const text = `echo ECS_CLUSTER=parks >> ${CONFIG}`;
  expect(clusterIn(gzipSync(text).toString('base64'))).toBe('parks');
});
