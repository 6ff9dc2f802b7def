import type { Command } from 'commander';
import { collect, EXIT_CODES, withSetupOptions } from './options.ts';

export function addAppCommand(program: Command): void {
  const command = program
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
  withSetupOptions(command)
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
        import('../converse.ts'),
        import('../commands/add-app.ts'),
      ]);
      process.exitCode = await converse(options, (...with_) => addApp(options, ...with_));
    });
}
