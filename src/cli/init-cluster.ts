import type { Command } from 'commander';
import { EXIT_CODES, withSetupOptions } from './options.ts';

export function initClusterCommand(program: Command): void {
  const command = program
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
  withSetupOptions(command)
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
        import('../converse.ts'),
        import('../commands/init-cluster.ts'),
      ]);
      process.exitCode = await converse(options, (...with_) => initCluster(options, ...with_));
    });
}
