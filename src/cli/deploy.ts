import type { Command } from 'commander';
import { withCommonOptions } from './options.ts';

export function deployCommand(program: Command): void {
  const command = program
    .command('deploy')
    .summary('build an app, put it into service, and see that it is well')
    .description(
      'Builds the app’s image, pushes it, registers a task definition from deploy/docker-compose.yml and ' +
        'puts it into service; then waits until its containers run and the load balancer finds them healthy. ' +
        'What goes where it takes from the guide’s environment variables, as on Travis CI, or looks up in AWS.',
    )
    .argument('[app]', 'its service’s name (else AWS_ECS_SERVICE_NAME, else by the repository)')
    .optionsGroup('What is deployed:')
    .option('--image <image>', 'deploy this image, build none; of the app’s own the tag will do')
    .option('--dir <path>', 'the app’s repository (else the one you are in)')
    .option('--cluster <name>', 'which cluster (else AWS_ECS_CLUSTER, else the only one)')
    .optionsGroup('What is done:')
    .option('--dry-run', 'show what would change in the task definition, and change nothing')
    .option('--timeout <minutes>', 'how long to wait until it is healthy', '20');
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  digital-apps deploy
      in the app’s repository, with Docker running
  digital-apps deploy permits --image 41-0a1b2c3
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
        import('../converse.ts'),
        import('../commands/deploy/deploy.ts'),
      ]);
      process.exitCode = await deploying(options, (...with_) => deploy(app, options, ...with_));
    });
}
