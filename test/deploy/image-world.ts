import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { vi } from 'vitest';
import { Aws } from '../../src/aws/clients.ts';
import { Journal } from '../../src/aws/journal.ts';
import type { Listener } from '../../src/deploy/image/docker.ts';
import { newRoot } from '../app-repo/support/containers.ts';
import { newDocker, type TestDocker, whyNoDocker } from '../support/docker.ts';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { SECRET } from '../support/program.ts';
import { type Registry, startRegistry, whyNoRegistry } from '../support/registry.ts';

/** Why no image can be built and pushed here, if so. */
export async function whyNoImages(): Promise<string | undefined> {
  return (await whyNoDocker()) ?? whyNoRegistry();
}

export const DOCKERFILE = `FROM scratch
COPY root /
RUN echo built > /built
COPY index.txt /`;

/** A machine with docker and an app, and a registry that has a repository for it. */
export interface ImageWorld {
  emulator: Emulator;
  clients: ReturnType<typeof awsClients>;
  /** Before the emulator, for what is to fail. */
  faults: Faults;
  registry: Registry;
  docker: TestDocker;
  /** As the program has it. */
  aws: Aws;
  /** The app's, with a small Debian in it to be the image's base. */
  dir: string;
  home: string;
  repository: { registry: string; repository: string };
  write(file: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

export async function newImageWorld(): Promise<ImageWorld> {
  const home = await mkdtemp(join(tmpdir(), 'digital-apps-images-'));
  const dir = join(home, 'app');
  const emulator = await startEmulator();
  const faults = await startFaults(emulator.endpoint);
  const registry = await startRegistry(emulator.endpoint);
  const docker = await newDocker();
  const clients = awsClients(emulator.endpoint);
  const repository = { registry: registry.host, repository: 'digital/parks' };
  await clients.ecr.send(new CreateRepositoryCommand({ repositoryName: repository.repository }));
  await newRoot(join(dir, 'root'));
  await mkdir(join(home, 'tmp'));
  const env = {
    PATH: [docker.bin, process.env.PATH].join(delimiter),
    ...{ HOME: home, TMPDIR: join(home, 'tmp'), DOCKER_CONFIG: docker.config },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAFAKE', AWS_SECRET_ACCESS_KEY: SECRET },
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  };
  await write('deploy/Dockerfile', DOCKERFILE);
  await write('index.txt', '0');
  // So that docker has not built it before.
  await write('root/serial', randomUUID());
  return {
    ...{ emulator, clients, faults, registry, docker, dir, home, repository, write },
    aws: awsAt(faults.endpoint, home),
    async stop() {
      vi.unstubAllEnvs();
      await Promise.all([
        registry.stop(),
        faults.stop(),
        emulator.stop(),
        docker.remove(registry.host),
      ]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function awsAt(endpoint: string, folder: string): Aws {
  const { signal } = new AbortController();
  const credentials = { accessKeyId: 'AKIAFAKE', secretAccessKey: SECRET };
  const journal = new Journal(join(folder, 'journal'));
  return new Aws({ region: REGION, endpoint, credentials, journal, signal });
}

/** Keeps what it is told. */
export function listener(signal = new AbortController().signal) {
  const lines: string[] = [];
  return { lines, signal, tell: (line) => lines.push(line) } satisfies Listener & {
    lines: string[];
  };
}
