import { type InitClusterOptions, initCluster } from './commands/init-cluster.ts';
import { Stop } from './commands/stop.ts';
import { UserError } from './errors.ts';
import { plainConversation } from './plain/conversation.ts';

interface Flags extends InitClusterOptions {
  yes: boolean;
  json: boolean;
}

/** Chooses how to talk, and runs the command. */
export function runInitCluster(flags: Flags): Promise<number> {
  const isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY) && !process.env.CI;
  if (!isTerminal && !flags.yes && !flags.dryRun) {
    throw new UserError(
      'There is no terminal to ask in.',
      'Add --yes to take the defaults and go ahead, or --dry-run to see the plan.',
    );
  }
  const asks = isTerminal && !flags.yes && !flags.dryRun;
  return initCluster(flags, plainConversation({ asks, json: flags.json }), new Stop());
}
