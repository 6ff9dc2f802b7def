import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { type Compose, readCompose } from '../../../src/deploy/compose/read.ts';
import { UserError } from '../../../src/errors.ts';

export const FILE = 'deploy/docker-compose.yml';

export type Variables = Record<string, string | undefined>;

export function read(text: string, variables: Variables = {}): Compose {
  return readCompose(text, FILE, variables);
}

/** What a person is told: the error, and what to do about it. */
export function refusal(text: string, variables?: Variables): string {
  try {
    read(text, variables);
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.fix].filter(Boolean).join(' ');
    throw error;
  }
  throw new Error('it was taken');
}

/** What an app is without more being said. */
const USUAL = { image: 'image: nginx', mem_limit: 'mem_limit: 64m', ports: 'ports: ["3000"]' };

/** Where the first line of what is said of the app stands. */
export const LINE = 3;

/** A file with an app of which this is said, and a container beside it. */
export function fileWith(lines: string): string {
  const missing = Object.entries(USUAL).filter(([key]) => !lines.startsWith(key));
  return [
    'services:',
    '  app:',
    ...[...lines.split('\n'), ...missing.map(([, line]) => line)].map((line) => `    ${line}`),
    '  db: {image: postgres, mem_limit: 64m, healthcheck: {test: pg_isready}}',
    'volumes: {data: , more-data: {}}',
    '',
  ].join('\n');
}

/** What becomes of the app. */
export function appOf(lines: string, variables?: Variables): ContainerDefinition {
  return read(fileWith(lines), variables).containers[0]!;
}

export const USUAL_APP: ContainerDefinition = {
  name: 'app',
  image: 'nginx',
  memory: 64,
  portMappings: [{ containerPort: 3000, hostPort: 0, protocol: 'tcp' }],
};
