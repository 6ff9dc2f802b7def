import { Command, CommanderError, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };

const USAGE = 2;

const EXIT_CODES = `Exit codes: 0 all as wanted, 1 something failed or needs you, 2 nothing touched,
130 interrupted.`;

const program = new Command('digital-apps')
  .description('Sets up and looks after container clusters on Amazon ECS with EC2 instances.')
  .version(packageJson.version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .helpCommand(false)
  // What is off by default need not say so.
  .configureHelp({ optionDescription: ({ description }) => description })
  .configureOutput({ outputError: (text, write) => write(asSentences(text)) })
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

const initCluster = program
  .command('init-cluster')
  .summary('make a cluster, or put one right')
  .description(
    'Makes a cluster with all it needs: network, roles, instances, load balancer. ' +
      'It asks, shows the plan, and changes nothing before you agree. ' +
      'Run it again at any time: it changes only what is not as wanted.',
  )
  .optionsGroup('What is done:')
  .option('--replace-instances', 'replace running instances on an older template')
  .option('--no-wait', 'do not wait for instances and load balancer');
withSetupOptions(initCluster)
  .addHelpText(
    'after',
    `
Examples:
  digital-apps init-cluster --sandbox --yes
      build everything in a local AWS, in about ten seconds
  digital-apps init-cluster --dry-run --set cluster-prefix=parks
      see what a cluster of that name would take
  digital-apps init-cluster --yes --answers cluster.yaml --json
      for scripts; cluster.yaml holds lines like “instance-type: t3.medium”
  digital-apps init-cluster --yes --set vpc=vpc-0abc… --set max=6
      in a network that exists

Every answer, with its default: docs/answers.md.
${EXIT_CODES}`,
  )
  .action(async (options) => {
    const [{ converse }, { initCluster }] = await Promise.all([
      import('./converse.ts'),
      import('./commands/init-cluster.ts'),
    ]);
    process.exitCode = await converse(options, (...with_) => initCluster(options, ...with_));
  });

const addApp = program
  .command('add-app')
  .summary('add an app to a cluster, and what deploys it to its repository')
  .description(
    'Run it in an app’s repository. It gives the app a place behind the load balancer, a registry for its images, ' +
      'an access key, DNS, a certificate and CloudFront; puts the files that deploy it into the repository; ' +
      'and tells Travis CI its variables. It asks, shows the plan, and changes nothing before you agree. ' +
      'Run it again at any time: it changes only what is not as wanted.',
  )
  .optionsGroup('The app:')
  .option('--repo <owner/name>', 'its repository at GitHub (else the git remote)')
  .option('--dir <path>', 'its repository here (else the one you are in)')
  .option('--host <name>', 'the host name it is reached by; may be repeated', collect)
  .option('--env-file <path>', 'the .env to upload for production')
  .option('--no-cdn', 'without CloudFront')
  .option('--deploy-with <what>', 'digital-apps, or ecs-cli as the guide has it')
  .optionsGroup('What is done:')
  .option('--no-wait', 'do not wait for the certificate')
  .option('--show-secrets', 'print the secret access key, if Travis CI is not told it');
withSetupOptions(addApp)
  .addHelpText(
    'after',
    `
Examples:
  digital-apps add-app
      in the app’s repository: answer questions, look, go ahead
  digital-apps add-app --yes --host permits.example.gov --env-file ../permits.env
      take every other default
  digital-apps add-app --yes --repo city/permits --dir ../permits --host permits.example.gov --no-cdn
      from elsewhere, without CloudFront
  digital-apps add-app --host staging.example.gov --set service=permits-staging
      the same repository once more, from another branch

Every answer, with its default: docs/answers.md. With TRAVIS_TOKEN set, or after
“travis login”, the variables are set at Travis CI; else they are printed.
${EXIT_CODES}`,
  )
  .action(async (options) => {
    const [{ converse }, { addApp }] = await Promise.all([
      import('./converse.ts'),
      import('./commands/add-app.ts'),
    ]);
    process.exitCode = await converse(options, (...with_) => addApp(options, ...with_));
  });

const doctor = program
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
withCommonOptions(doctor)
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
      import('./converse.ts'),
      import('./commands/doctor/doctor.ts'),
    ]);
    process.exitCode = await consult(options, (...with_) => doctor(app, options, ...with_));
  });

const deploy = program
  .command('deploy')
  .summary('build an app, put it into service, and see that it is well')
  .description(
    'Builds the app’s image, pushes it, registers a task definition from deploy/docker-compose.yml and ' +
      'puts it into service; then waits until its containers run and the load balancer finds them healthy. ' +
      'What goes where it takes from the guide’s environment variables, as on Travis CI, or looks up in AWS.',
  )
  .argument('[app]', 'its service’s name (else AWS_ECS_SERVICE_NAME, else by the repository)')
  .optionsGroup('What is deployed:')
  .option('--image <image>', 'deploy this image, build none')
  .option('--dir <path>', 'the app’s repository (else the one you are in)')
  .option('--cluster <name>', 'which cluster (else AWS_ECS_CLUSTER, else the only one)')
  .optionsGroup('What is done:')
  .option('--dry-run', 'show what would change in the task definition, and change nothing')
  .option('--timeout <minutes>', 'how long to wait until it is healthy', '20');
withCommonOptions(deploy)
  .addHelpText(
    'after',
    `
Examples:
  digital-apps deploy
      in the app’s repository, with Docker running
  digital-apps deploy permits --image 123456789012.dkr.ecr.us-east-2.amazonaws.com/digital-apps/permits:41-0a1b2c3
      back to an image of before, without building
  digital-apps deploy --dry-run
      which fields of the task definition would change
  digital-apps deploy --sandbox
      see it without an account; no container runs there

A deployment that fails is rolled back by ECS; what its containers said is shown.
From Travis CI, and from ecs-cli: docs/deploy.md.
Exit codes: 0 it runs and is healthy, 1 it does not, 2 nothing touched, 130 interrupted.`,
  )
  .action(async (app, options) => {
    const [{ deploying }, { deploy }] = await Promise.all([
      import('./converse.ts'),
      import('./commands/deploy/deploy.ts'),
    ]);
    process.exitCode = await deploying(options, (...with_) => deploy(app, options, ...with_));
  });

const status = program
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
withCommonOptions(status)
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
      import('./converse.ts'),
      import('./commands/status.ts'),
    ]);
    process.exitCode = await show(options, (...with_) => status(app, options, ...with_));
  });

const cleanup = program
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
withCommonOptions(cleanup)
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
      import('./converse.ts'),
      import('./commands/cleanup.ts'),
    ]);
    process.exitCode = await tidy(options, (...with_) => cleanup(app, options, ...with_));
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

function collect(value: string, all: string[] = []): string[] {
  return [...all, value];
}

/** What all commands that ask, plan and make have in common. */
function withSetupOptions(command: Command): Command {
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
function withCommonOptions(command: Command): Command {
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

/** Commander's errors, in the way of all others. */
function asSentences(text: string): string {
  const [wrong = '', hint = '(See digital-apps --help.)'] = text
    .replace(/^error: /, '')
    .replaceAll("'", '')
    .trim()
    .split('\n');
  const sentence = `${wrong[0]?.toUpperCase()}${wrong.slice(1)}`.replace(/\.?$/, '.');
  return `${sentence}\n${hint.replace(/^\(|\)$/g, '')}\n`;
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
