import { type ContainerDefinition, type LogConfiguration, LogDriver } from '@aws-sdk/client-ecs';
import { nearest } from '../../nearest.ts';
import type { Field } from './field.ts';
import { group, type Readers } from './keys.ts';
import { refuseSecret } from './plaintext.ts';
import { oneOf, pairs } from './values.ts';

type Part = Partial<ContainerDefinition>;

/** awsfirelens needs a container of another kind, which compose has no word for. */
const DRIVERS = Object.values(LogDriver).filter((driver) => driver !== LogDriver.AWSFIRELENS);

const keys: Readers<Part> = {
  driver: {
    to: 'logConfiguration.logDriver',
    read: (field) => part({ logDriver: oneOf(field, DRIVERS) }),
  },
  options: {
    to: 'logConfiguration.options',
    read(field, context) {
      const options = [...pairs(field)];
      for (const [name, pair] of options) refuseSecret(name, pair, context);
      return part({
        options: Object.fromEntries(options.map(([name, { value = '' }]) => [name, value])),
      });
    },
  },
};

const part = (logConfiguration: Partial<LogConfiguration>): Part => ({
  logConfiguration: logConfiguration as LogConfiguration,
});

export const logging = group(keys, (found, field) => {
  const { logDriver, options = {} } = found.logConfiguration ?? {};
  if (!logDriver) throw field.wrong('there is no driver', 'Write driver: awslogs.');
  if (logDriver === LogDriver.AWSLOGS) checkAwslogs(options, field);
  return found;
});

const AWSLOGS = [
  ...['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix', 'awslogs-create-group'],
  ...['awslogs-datetime-format', 'awslogs-multiline-pattern', 'awslogs-endpoint'],
  ...['mode', 'max-buffer-size'],
];

function checkAwslogs(options: Record<string, string>, logging: Field): void {
  const field = logging.entries().get('options') ?? logging;
  const strange = Object.keys(options).find((name) => !AWSLOGS.includes(name));
  if (strange) {
    const near = nearest(strange, AWSLOGS);
    throw field.wrong(
      `awslogs has no option ${strange}`,
      near ? `Did you mean ${near}?` : `There are ${AWSLOGS.join(', ')}.`,
    );
  }
  for (const [name, variable] of REQUIRED) {
    if (!options[name])
      throw field.wrong(`awslogs needs ${name}`, `Write ${name}: \${${variable}}.`);
  }
  if ((options['awslogs-create-group'] ?? 'true') !== 'true') {
    throw field.wrong('ECS takes true alone for awslogs-create-group', 'Take it out.');
  }
}

const REQUIRED = [
  ['awslogs-group', 'AWS_CLOUDWATCH_LOGS_GROUP'],
  ['awslogs-region', 'AWS_DEFAULT_REGION'],
] as const;
