import type { Where } from '../../src/commands/conversation.ts';
import type { Scene } from '../../src/screens/stage.ts';
import type { Status } from '../../src/status/status.ts';
import { mixed, one } from '../status/fakes.ts';
import { keys } from '../support/keys.ts';
import { where as cluster } from './fakes.ts';

const where: Where = { ...cluster, command: 'status' };

const shown = (status: Status) => ({
  where,
  scene: (): Scene => ({ kind: 'status', status, answer() {} }),
});

/** The screen of those who watch. */
export const statusPictures = [
  { name: 'status', ...shown(mixed) },
  { name: 'status-end', ...shown(mixed), press: [keys.end, keys.up] },
  { name: 'status-one', ...shown(one) },
];
