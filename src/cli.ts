import { Command, CommanderError, Help } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addAppCommand } from './cli/add-app.ts';
import { cleanupCommand } from './cli/cleanup.ts';
import { deployCommand } from './cli/deploy.ts';
import { doctorCommand } from './cli/doctor.ts';
import { initClusterCommand } from './cli/init-cluster.ts';
import { sandboxCommand } from './cli/sandbox.ts';
import { statusCommand } from './cli/status.ts';

const USAGE = 2;

const program = new Command('digital-apps')
  .description('Sets up and looks after container clusters on Amazon ECS with EC2 instances.')
  .version(packageJson.version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .helpCommand(false)
  // What is off by default need not say so.
  .configureHelp({
    optionDescription: ({ description }) => description,
    formatItem,
    minWidthToWrap: 20,
  })
  .configureOutput({
    getOutHelpWidth: () => Number(process.env.COLUMNS) || process.stdout.columns,
  })
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  digital-apps init-cluster --sandbox    try it without an AWS account
  digital-apps init-cluster              answer questions, look, go ahead
  digital-apps init-cluster --dry-run    show what would be made, change nothing
  digital-apps add-app                   in an app’s repository: add the app
  digital-apps deploy                    build it, put it into service
  digital-apps doctor                    find out what is wrong, and why
  digital-apps status                    see how the cluster and its apps stand
  digital-apps cleanup --dry-run         see what of the old could go

digital-apps <command> --help tells more about a command.`,
  );

// In the order in which --help lists them.
initClusterCommand(program);
addAppCommand(program);
doctorCommand(program);
deployCommand(program);
statusCommand(program);
cleanupCommand(program);
sandboxCommand(program);

for (const command of [program, ...program.commands]) {
  const names = command.commands.map((each) => each.name());
  command.configureOutput({ outputError: (text, write) => write(asSentences(text, names)) });
}

/** Beside each other, as Commander does it; on a narrow terminal below each other. */
function formatItem(
  this: Help,
  term: string,
  termWidth: number,
  description: string,
  helper: Help,
): string {
  const width = this.helpWidth ?? 80;
  if (width >= 60)
    return Help.prototype.formatItem.call(this, term, termWidth, description, helper);
  const below = this.boxWrap(description, width - 6).replaceAll(/^/gm, '      ');
  return description ? `  ${term}\n${below}` : `  ${term}`;
}

/** Commander's errors, in the way of all others; it would take “stat” for “start”. */
function asSentences(text: string, commands: string[]): string {
  const typed = /unknown command '([^']+)'/.exec(text)?.[1];
  const begun = commands.filter((name) => typed && name.startsWith(typed));
  const meant = begun.length === 1 ? `Did you mean ${begun[0]}?` : undefined;
  const [wrong = '', similar = '(See digital-apps --help.)'] = text
    .replace(/^error: /, '')
    .replaceAll("'", '')
    .trim()
    .split('\n');
  const sentence = `${wrong[0]?.toUpperCase()}${wrong.slice(1)}`.replace(/\.?$/, '.');
  return `${sentence}\n${meant ?? similar.replace(/^\(|\)$/g, '')}\n`;
}

try {
  if (process.argv.length > 2) await program.parseAsync();
  else program.outputHelp();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    const { fail } = await import('./fail.ts');
    process.exitCode = fail(error, process.argv.includes('--debug'));
  }
}
