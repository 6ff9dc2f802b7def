import type { CleanupOptions } from './commands/cleanup.ts';
import type { CleanupTalk } from './commands/cleanup-talk.ts';
import type { Conversation } from './commands/conversation.ts';
import type { Deploying } from './commands/deploy/deploying.ts';
import type { Consultation } from './commands/doctor/consultation.ts';
import type { DoctorOptions } from './commands/doctor/doctor.ts';
import type { SetupOptions } from './commands/setup.ts';
import type { Board, StatusOptions } from './commands/status.ts';
import { Stop } from './commands/stop.ts';
import { UserError } from './errors.ts';
import { fail } from './fail.ts';
import { plainCleanup } from './plain/cleanup.ts';
import { plainConversation } from './plain/conversation.ts';
import { plainDeploying } from './plain/deploy.ts';
import { plainConsultation } from './plain/doctor.ts';
import { plainBoard } from './plain/status.ts';
import { Page } from './plain/style.ts';

/** How a command talks. */
interface Talking {
  yes: boolean;
  json: boolean;
  plain: boolean;
}

export interface Flags extends SetupOptions, Talking {}

/** Chooses how to talk, and runs a command. */
export async function converse(
  flags: Flags,
  command: (conversation: Conversation, stop: Stop) => Promise<number>,
): Promise<number> {
  const isTerminal = isInTerminal(flags);
  if (!isTerminal && !flags.yes && !flags.dryRun) {
    throw new UserError(
      'There is no terminal to ask in.',
      'Add --yes to take the defaults and go ahead, or --dry-run to see the plan.',
    );
  }
  const asks = isTerminal && !flags.yes && !flags.dryRun;
  const stop = new Stop();
  const { json, dryRun: looks } = flags;
  const conversation =
    asks && !isPlain(flags) ? await guided(stop) : plainConversation({ asks, looks, json });
  stop.beforeLeaving(() => conversation.close());
  try {
    return await command(conversation, stop);
  } finally {
    conversation.close();
  }
}

/** The same for looking, which nobody need be asked for. */
export async function consult(
  flags: DoctorOptions & Talking,
  command: (talk: Consultation, stop: Stop) => Promise<number>,
): Promise<number> {
  const { yes, json, fix } = flags;
  const isTerminal = isInTerminal(flags);
  if (!isTerminal && fix && !yes) {
    throw new UserError('There is no terminal to ask in.', 'Add --yes to go ahead with the plan.');
  }
  const asks = isTerminal && !yes;
  const stop = new Stop();
  const talk = asks && !isPlain(flags) ? await guidedLook(stop) : plainConsultation({ asks, json });
  const { conversation } = talk;
  stop.beforeLeaving(() => conversation.close());
  try {
    return await command(talk, stop);
  } finally {
    conversation.close();
  }
}

/** The same for a deploy, which does what it was told and asks for nothing but a name. */
export async function deploying(
  flags: Talking,
  command: (talk: Deploying, stop: Stop) => Promise<number>,
): Promise<number> {
  const { json } = flags;
  const asks = isInTerminal(flags);
  const stop = new Stop();
  const { stream = json ? process.stderr : process.stdout, live } =
    asks && !isPlain(flags) ? (await import('./screens/deploying.tsx')).liveLines() : {};
  const folds = Boolean(process.env.TRAVIS) && !json;
  const talk = plainDeploying({ page: new Page(stream), asks, json, live, folds });
  stop.beforeLeaving(() => talk.close());
  try {
    return await command(talk, stop);
  } finally {
    talk.close();
  }
}

/** The same for what is only shown: a screen is for those who watch. */
export async function show(
  flags: StatusOptions & Pick<Talking, 'json' | 'plain'>,
  command: (board: Board, stop: Stop) => Promise<number>,
): Promise<number> {
  const asks = isInTerminal(flags);
  const isDrawn = asks && flags.watch && !isPlain(flags);
  const stop = new Stop();
  const board = isDrawn ? await guidedStatus(stop) : plainBoard({ asks, json: flags.json });
  stop.beforeLeaving(() => board.conversation.close());
  try {
    return await command(board, stop);
  } finally {
    board.conversation.close();
  }
}

/** The same for cleaning up, which is talked about in plain lines everywhere. */
export async function tidy(
  flags: CleanupOptions & Talking,
  command: (talk: CleanupTalk, stop: Stop) => Promise<number>,
): Promise<number> {
  const { yes, json, dryRun } = flags;
  const isTerminal = isInTerminal(flags);
  if (!isTerminal && !yes && !dryRun) {
    throw new UserError(
      'There is no terminal to ask in.',
      'Add --yes to go ahead, or --dry-run to see the plan.',
    );
  }
  return command(plainCleanup({ asks: isTerminal && !yes && !dryRun, json }), new Stop());
}

function isInTerminal({ json }: Pick<Talking, 'json'>): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY) && !process.env.CI && !json;
}

/** Screens are for terminals that can be drawn on, and for people who can see them. */
function isPlain({ plain }: Pick<Talking, 'plain'>): boolean {
  return plain || process.env.TERM === 'dumb' || process.env.ACCESSIBLE === '1';
}

async function guided(stop: Stop): Promise<Conversation> {
  const exits = exitsToScreens(stop);
  const { guidedConversation } = await import('./screens/conversation.ts');
  return guidedConversation(exits);
}

async function guidedLook(stop: Stop): Promise<Consultation> {
  const exits = exitsToScreens(stop);
  const { guidedConsultation } = await import('./screens/consultation.ts');
  return guidedConsultation(exits);
}

async function guidedStatus(stop: Stop): Promise<Board> {
  const exits = exitsToScreens(stop);
  const { guidedBoard } = await import('./screens/board.ts');
  return guidedBoard(exits);
}

/** Prepares for drawing, and says what is to happen when it ends early. */
function exitsToScreens(stop: Stop) {
  // The drawing library knows FORCE_COLOR alone.
  if (process.env.NO_COLOR) process.env.FORCE_COLOR = '0';
  return {
    onInterrupt: stop.request,
    onCrash(error: unknown): void {
      process.exit(fail(error, true));
    },
  };
}
