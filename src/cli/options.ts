import { type Command, Option } from 'commander';

/** Of the commands that make something. */
export const EXIT_CODES = `Exit codes: 0 all as wanted, 1 something failed or needs you, 2 nothing touched,
130 interrupted.`;

/** For an option that may be repeated. */
export function collect(value: string, all: string[] = []): string[] {
  return [...all, value];
}

/** What all commands that ask, plan and make have in common. */
export function withSetupOptions(command: Command): Command {
  command
    .option('--dry-run', 'show the plan and change nothing')
    .option('--adopt', 'take over what has these names and was made otherwise')
    .optionsGroup('Answers:')
    .option('-y, --yes', 'take every default, ask nothing, go ahead')
    .option('--answers <file>', 'take answers from a YAML or JSON file')
    .option('--set <key=value>', 'give one answer; may be repeated', collect, []);
  return withCommonOptions(command);
}

/** Where a command works, and how it talks. */
export function withCommonOptions(command: Command): Command {
  return command
    .optionsGroup('Where:')
    .option('--sandbox', 'a local AWS on this machine; needs no account')
    .option('--region <name>', 'AWS Region (else AWS_REGION, else the profile’s)')
    .option('--profile <name>', 'AWS profile (else AWS_PROFILE)')
    .optionsGroup('How it talks:')
    .option('--plain', 'in plain lines, also for screen readers')
    .option('--json', 'one JSON document on stdout, progress on stderr')
    .option('--debug', 'with stack traces')
    .addHelpOption(new Option('-h, --help', 'print this help').helpGroup('How it talks:'));
}
