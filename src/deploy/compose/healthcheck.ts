import type { ContainerDefinition, HealthCheck } from '@aws-sdk/client-ecs';
import type { Field } from './field.ts';
import { group, type Readers } from './keys.ts';
import { flag, seconds, texts, whole } from './values.ts';

type Part = Partial<ContainerDefinition>;

const part = (healthCheck: Partial<HealthCheck>): Part => ({
  healthCheck: healthCheck as HealthCheck,
});

const keys: Readers<Part> = {
  test: { to: 'healthCheck.command', read: (field) => part({ command: test(field) }) },
  interval: {
    to: 'healthCheck.interval, 5 s to 300 s, else 30 s',
    read: (field) => part({ interval: seconds(field, 5, 300) }),
  },
  timeout: {
    to: 'healthCheck.timeout, 2 s to 60 s, else 5 s',
    read: (field) => part({ timeout: seconds(field, 2, 60) }),
  },
  retries: {
    to: 'healthCheck.retries, 1 to 10, else 3',
    read: (field) => part({ retries: whole(field, 1, 10) }),
  },
  start_period: {
    to: 'healthCheck.startPeriod, at most 300 s',
    read: (field) => part({ startPeriod: seconds(field, 0, 300) }),
  },
  start_interval: {
    refused: 'ECS checks at one interval from the start',
    instead: 'Take it out, and give interval.',
  },
  disable: {
    leftOut: 'ECS looks only at a check that is written here, never at one of the image.',
    check: (field) => void flag(field),
  },
};

export const healthcheck = group(keys, ({ healthCheck }, field) => {
  const disable = field.entries().get('disable');
  if (healthCheck?.command?.[0] === 'NONE' || (disable && !disable.isNull && flag(disable)))
    return {};
  if (healthCheck?.command) return { healthCheck };
  throw field.wrong(
    'there is no test',
    'Write test: ["CMD-SHELL", "curl -f http://localhost:3000/ || exit 1"].',
  );
});

function test(field: Field): string[] {
  if (!field.isList) return ['CMD-SHELL', field.text()];
  const command = texts(field);
  const [how] = command;
  if (how === 'NONE' && command.length === 1) return command;
  if ((how === 'CMD' && command.length > 1) || (how === 'CMD-SHELL' && command.length === 2))
    return command;
  throw field.wrong(
    'a test is CMD with the words of a command, CMD-SHELL with one text, or NONE',
    'Write it like ["CMD", "curl", "-f", "http://localhost:3000/"].',
  );
}
