const CONFIG = 'region r cluster c cluster-config ecs-profile aws-profile';

/**
 * What each level of ecs-cli 1.21.0 takes, as its help and its documentation have it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cmd-ecs-cli-compose-service-up.html
 */
const OPTIONS: Record<string, string> = {
  'ecs-cli': 'endpoint help h version v',
  compose: `${CONFIG} verbose debug file f project-name p task-role-arn ecs-params`,
  service: CONFIG,
  up: [
    CONFIG,
    'deployment-max-percent deployment-min-healthy-percent timeout launch-type create-log-groups',
    'target-group-arn target-groups container-name container-port load-balancer-name role',
    'health-check-grace-period force-deployment scheduling-strategy tags disable-ecs-managed-tags',
    'enable-service-discovery vpc private-dns-namespace private-dns-namespace-id',
    'public-dns-namespace public-dns-namespace-id sd-container-name sd-container-port dns-ttl',
    'dns-type healthcheck-custom-config-failure-threshold update-service-discovery',
  ].join(' '),
};

/** Those take no value. */
const SWITCHES =
  'help h version v verbose debug create-log-groups force-deployment disable-ecs-managed-tags enable-service-discovery update-service-discovery';

/** What ecs-cli would refuse in a call: options at the wrong level too, and commands it does not have. */
export function refusedByEcsCli(args: string[]): string[] {
  const refused: string[] = [];
  let level = 'ecs-cli';
  for (let at = 0; at < args.length; at += 1) {
    const [, option, value] = /^--?([a-z-]+)(=.*)?$/.exec(args[at]!) ?? [];
    if (option === undefined) {
      level = args[at]!;
      if (!OPTIONS[level]) refused.push(level);
    } else {
      if (!OPTIONS[level]?.split(' ').includes(option)) refused.push(`${level} --${option}`);
      if (value === undefined && !SWITCHES.split(' ').includes(option)) at += 1;
    }
  }
  return refused;
}
