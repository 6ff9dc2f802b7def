import type { Command } from 'commander';
import { EXIT_CODES, withCommonOptions } from './options.ts';

export function cleanupCommand(program: Command): void {
  const command = program
    .command('cleanup')
    .summary('remove old task definitions and images that nobody needs')
    .description(
      'Deregisters an app’s old task definitions and deletes its old images. The newest stay, and all that a service, ' +
        'a deployment or a task uses or a rollback could need. It shows what will go and why it may, and asks; ' +
        'what comes into use while it works stays, too.',
    )
    .argument('[app]', 'the app, by its service’s name (else the one whose repository you are in)')
    .optionsGroup('What is done:')
    .option('--all', 'every app')
    .option('--cluster <name>', 'which cluster, where there are several')
    .option('--keep <number>', 'how many stay of each for their age alone (else 10)')
    .option('--dry-run', 'show what would go and change nothing')
    .option('-y, --yes', 'go ahead without asking');
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  digital-apps cleanup
      in an app’s repository: look, agree, go ahead
  digital-apps cleanup permits --dry-run
      what of the app “permits” is old, and what is kept because it is in use
  digital-apps cleanup --all --yes --keep 20 --json
      for a monthly job: every app, one document

More about what stays and what goes: docs/housekeeping.md.
${EXIT_CODES}`,
    )
    .action(async (app, options) => {
      const [{ tidy }, { cleanup }] = await Promise.all([
        import('../converse.ts'),
        import('../commands/cleanup.ts'),
      ]);
      process.exitCode = await tidy(options, (...with_) => cleanup(app, options, ...with_));
    });
}
