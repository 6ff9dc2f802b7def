import type { Command } from 'commander';
import { withCommonOptions } from './options.ts';

export function statusCommand(program: Command): void {
  const command = program
    .command('status')
    .summary('show a cluster and its apps on one screen')
    .description(
      'Shows how many instances a cluster has and what is free on them; and of each app its version, ' +
        'its tasks, what the load balancer finds, its host and its alarm. It changes nothing.',
    )
    .argument('[app]', 'one app alone, with its last events')
    .optionsGroup('What is shown:')
    .option('--cluster <name>', 'which cluster, where there are several')
    .option('--watch', 'look again every few seconds');
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  digital-apps status
      the cluster and all of its apps
  digital-apps status permits --watch
      how the app “permits” is being deployed
  digital-apps status --json
      for programs: one document

What is wrong, and why: digital-apps doctor.
Exit codes: 0 shown, however it stands, 2 could not look, 130 interrupted.`,
    )
    .action(async (app, options) => {
      const [{ show }, { status }] = await Promise.all([
        import('../converse.ts'),
        import('../commands/status.ts'),
      ]);
      process.exitCode = await show(options, (...with_) => status(app, options, ...with_));
    });
}
