import { Command, CommanderError, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { fail } from './fail.ts';

const USAGE = 2;

const program = new Command('digital-apps')
  .description('Sets up and looks after container clusters on Amazon ECS with EC2 instances.')
  .version(packageJson.version)
  .configureHelp({ sortOptions: false })
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  digital-apps init-cluster --sandbox     try it without an AWS account
  digital-apps init-cluster --dry-run     show what would be made, change nothing
  digital-apps init-cluster --yes --set cluster-prefix=myApps --set max=6`,
  );

program
  .command('init-cluster')
  .summary('make a cluster, or put one right')
  .description(
    'Makes a cluster with all it needs: network, roles, instances, load balancer. ' +
      'Run it again at any time: it shows what is not as wanted, and changes that alone.',
  )
  .option('-y, --yes', 'take every default and do not ask', false)
  .option('--answers <file>', 'take answers from a YAML or JSON file, defaults for the rest')
  .option('--set <key=value>', 'give one answer; may be repeated', collect, [])
  .option('--dry-run', 'show the plan and change nothing', false)
  .option('--adopt', 'take over what stands under these names and was made otherwise', false)
  .option('--replace-instances', 'replace running instances that are on an older template', false)
  .option('--no-wait', 'do not wait for instances and load balancer at the end')
  .option('--region <name>', 'AWS Region (else AWS_REGION, else the profile’s)')
  .option('--profile <name>', 'AWS profile (else AWS_PROFILE)')
  .option('--sandbox', 'work against a local AWS on this machine', false)
  .option('--json', 'one JSON document on stdout, progress on stderr', false)
  .option('--plain', 'ask and tell in plain lines', false)
  .addOption(new Option('--debug', 'show stack traces').default(false))
  .addHelpText(
    'after',
    `
Answers are documented in docs/answers.md: names, network, instances, certificate and more.
Exit codes: 0 all as wanted, 1 something failed, 2 nothing touched, 130 interrupted.`,
  )
  .action(async (options) => {
    const { runInitCluster } = await import('./run-init-cluster.ts');
    process.exitCode = await runInitCluster(options);
  });

const sandbox = program
  .command('sandbox')
  .summary('the local AWS that --sandbox works against')
  .description('The local AWS that --sandbox works against. It goes on running between commands.');
for (const [action, summary] of [
  ['start', 'start it, if it is not running'],
  ['status', 'say whether and where it runs'],
  ['stop', 'stop it; what was made in it is gone'],
] as const) {
  sandbox
    .command(action)
    .description(summary)
    .action(async () => {
      const { runSandboxCommand } = await import('./sandbox/command.ts');
      process.exitCode = await runSandboxCommand(action, (line) => console.log(line));
    });
}

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else process.exitCode = fail(error, process.argv.includes('--debug'));
}
