import type { Conversation } from './commands/conversation.ts';
import type { SetupOptions } from './commands/setup.ts';
import { Stop } from './commands/stop.ts';
import { UserError } from './errors.ts';
import { fail } from './fail.ts';
import { plainConversation } from './plain/conversation.ts';

export interface Flags extends SetupOptions {
  yes: boolean;
  json: boolean;
  plain: boolean;
}

/** Chooses how to talk, and runs a command. */
export async function converse(
  flags: Flags,
  command: (conversation: Conversation, stop: Stop) => Promise<number>,
): Promise<number> {
  const isTerminal =
    Boolean(process.stdin.isTTY && process.stdout.isTTY) && !process.env.CI && !flags.json;
  if (!isTerminal && !flags.yes && !flags.dryRun) {
    throw new UserError(
      'There is no terminal to ask in.',
      'Add --yes to take the defaults and go ahead, or --dry-run to see the plan.',
    );
  }
  const asks = isTerminal && !flags.yes && !flags.dryRun;
  const stop = new Stop();
  const conversation =
    asks && !isPlain(flags) ? await guided(stop) : plainConversation({ asks, json: flags.json });
  stop.beforeLeaving(() => conversation.close());
  try {
    return await command(conversation, stop);
  } finally {
    conversation.close();
  }
}

/** Screens are for terminals that can be drawn on, and for people who can see them. */
function isPlain({ plain }: Flags): boolean {
  return plain || process.env.TERM === 'dumb' || process.env.ACCESSIBLE === '1';
}

async function guided(stop: Stop): Promise<Conversation> {
  // The drawing library knows FORCE_COLOR alone.
  if (process.env.NO_COLOR) process.env.FORCE_COLOR = '0';
  const { guidedConversation } = await import('./screens/conversation.tsx');
  return guidedConversation({
    onInterrupt: stop.request,
    onCrash(error) {
      process.exit(fail(error, true));
    },
  });
}
