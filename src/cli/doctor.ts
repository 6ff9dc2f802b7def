import type { Command } from 'commander';
import { collect, withCommonOptions } from './options.ts';

export function doctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .summary('find out what is wrong with a cluster and its apps, and why')
    .description(
      'Looks at a cluster, and at its apps where you ask for them: network, roles, instances, agents, load balancer, ' +
        'services. It says what is wrong, which of it is the cause of the rest, and what to do. ' +
        'It changes nothing, but what you agree to with --fix.',
    )
    .argument('[app]', 'an app to look at, too, by its service’s name')
    .optionsGroup('What is looked at:')
    .option('--all', 'every app, too')
    .option('--cluster <name>', 'which cluster, where there are several')
    .option('--only <checks>', 'these alone: ids, their beginnings, or groups', collect)
    .option('--skip <checks>', 'all but these', collect)
    .option('--deep', 'look closer, also where all seems well; takes longer')
    .optionsGroup('What is done:')
    .option('--watch', 'look again every few seconds, and show what changes')
    .option('--strict', 'count warnings as findings')
    .option('--report <file.md>', 'write it down, safe to paste into a ticket')
    .option('--fix', 'show the plan that puts right what can be, and ask')
    .option('-y, --yes', 'with --fix: go ahead without asking');
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  digital-apps doctor
      is the cluster well?
  digital-apps doctor permits
      why does the app “permits” not answer? looks at its cluster, too
  digital-apps doctor --only network,roles.instance
      two parts of it; docs/checks.md has all ids and groups
  digital-apps doctor --all --json --strict
      for a nightly job: one document, and exit code 1 for warnings, too
  digital-apps doctor permits --report permits.md
      account ids, addresses, keys and e-mail addresses are left out of the file
  digital-apps doctor --fix
      what init-cluster would put right, with the answers that stand
  digital-apps doctor permits --fix
      and what add-app would put right of the app’s in AWS

Every check, why it is made and what to do: docs/checks.md.
Exit codes: 0 healthy, 1 findings, 2 could not look at all, 130 interrupted.`,
    )
    .action(async (app, options) => {
      const [{ consult }, { doctor }] = await Promise.all([
        import('../converse.ts'),
        import('../commands/doctor/doctor.ts'),
      ]);
      process.exitCode = await consult(options, (...with_) => doctor(app, options, ...with_));
    });
}
