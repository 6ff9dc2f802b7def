import type { Command } from 'commander';

export function sandboxCommand(program: Command): void {
  const command = program
    .command('sandbox')
    .summary('the local AWS that --sandbox works against')
    .description(
      'The local AWS that --sandbox works against. It goes on running between commands.',
    );
  for (const [action, summary] of [
    ['start', 'start it, if it is not running'],
    ['status', 'say whether and where it runs'],
    ['stop', 'stop it; what was made in it is gone'],
  ] as const) {
    command
      .command(action)
      .description(summary)
      .action(async () => {
        const { runSandboxCommand } = await import('../sandbox/command.ts');
        process.exitCode = await runSandboxCommand(action, (line) => console.log(line));
      });
  }
}
