import { isDeepStrictEqual } from 'node:util';
import type { ContainerDefinition, Volume } from '@aws-sdk/client-ecs';
import { type Field, parseFields } from './field.ts';
import { type Context, carriedOver, type Keys, readKeys } from './keys.ts';
import { checkContainers } from './rules.ts';
import { serviceKeys } from './service-keys.ts';
import { texts } from './values.ts';

/** Of what a compose file says, all that a task definition takes from it. */
export interface Compose {
  containers: ContainerDefinition[];
  volumes: Volume[];
  front: Front;
}

/** Where the load balancer sends requests, in the words of CreateService. */
interface Front {
  containerName: string;
  containerPort: number;
}

const IN_ONE_PLACE = {
  refused: 'it is not read here',
  instead: 'Keep all that runs on ECS in this file.',
};

/** The keys of a whole file. */
export const fileKeys: Keys = {
  services: { to: 'containerDefinitions', keys: serviceKeys },
  volumes: { to: 'volumes, each by its name alone' },
  version: { leftOut: 'Keys of all versions are read.' },
  name: { leftOut: 'The task definition is called like the ECS service.' },
  networks: {
    refused:
      'ECS has no networks of compose: the containers of a task are on the instance’s bridge',
    instead: 'Take it out, and reach other containers of the file with links.',
  },
  include: IN_ONE_PLACE,
  configs: { refused: 'ECS has no such files', instead: 'Have the Dockerfile copy them.' },
  secrets: {
    refused: 'ECS has no such files',
    instead: 'Put secrets into the app’s .env (digital-apps add-app --env-file FILE).',
  },
  models: { refused: 'ECS has nothing like it', instead: 'Take it out.' },
};

/** What is ours in a compose file, and what Docker leaves alone. */
const ownKeys: Keys = {
  plaintext: { to: '' },
};

const SERVICES =
  'Write services: and your containers under it, each by its name. Files of version 1 had no such line.';

/**
 * Reads deploy/docker-compose.yml as ECS is to run it, with the variables put in.
 * @param file how errors call it.
 * @throws UserError with file, line and key for what is no compose file, what ECS would refuse, what
 *   it cannot do, and for secrets in plain text: nothing that the file says is dropped silently.
 */
export function readCompose(
  text: string,
  file: string,
  variables: Record<string, string | undefined>,
): Compose {
  const whole = parseFields(text, file, variables);
  if (!whole.entries().has('services')) throw whole.wrong('there are no services', SERVICES);
  const { services, volumes } = Object.fromEntries(carriedOver(whole, fileKeys));
  if (!services) throw whole.wrong('there is nothing under services', SERVICES);
  const context = {
    services: [...services.entries().keys()],
    volumes: declared(volumes),
    plaintext: plaintext(whole),
  };
  return taskOf(services, context);
}

function taskOf(services: Field, context: Omit<Context, 'service'>): Compose {
  const volumes = new Map<string, Volume>();
  const containers = [...services.entries()].map(([name, field]) => {
    const { volumes: own = [], ...container } = readKeys(field, serviceKeys, {
      ...context,
      service: name,
    });
    for (const volume of own) {
      const there = volumes.get(volume.name!) ?? volume;
      if (!isDeepStrictEqual(there, volume)) {
        throw field.wrong(`two volumes would be called ${volume.name}`, 'Mount another path.');
      }
      volumes.set(volume.name!, volume);
    }
    return { field, container: { name, ...container } };
  });
  return { ...checkContainers(services, containers), volumes: [...volumes.values()] };
}

/** Volumes that live as long as the task; ECS makes them. */
function declared(volumes: Field | undefined): Set<string> {
  const entries = volumes ? [...volumes.entries()] : [];
  for (const [name, volume] of entries) {
    if (!/^[\w-]{1,255}$/.test(name))
      throw volume.wrong('letters, digits, _ and - make a name for ECS');
    if (!volume.isNull && volume.entries().size > 0) {
      throw volume.wrong(
        'a volume of ECS is there for its task alone, without a driver and without options',
        'Write its name alone. What must last belongs into a database or a bucket.',
      );
    }
  }
  return new Set(entries.map(([name]) => name));
}

function plaintext(whole: Field): Set<string> {
  const own = whole.entries().get('x-digital-apps');
  const names = own && carriedOver(own, ownKeys).get('plaintext');
  return new Set(names && texts(names));
}
