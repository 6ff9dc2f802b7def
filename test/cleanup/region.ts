import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answers, type Input, Refused } from './region-calls.ts';

export const ACCOUNT = '123456789012';

export interface Definition {
  revision: number;
  isActive: boolean;
  image: string;
}

export interface Service {
  name: string;
  cluster: string;
  /** Those under way, the primary one first: "permits:41" each, and when ECS last did something about it. */
  deployments: { id: string; definition: string; updatedAt: number }[];
  /** Of the last 90 days, the newest first. */
  history: { definition: string; digest: string; status: string }[];
}

interface Task {
  cluster: string;
  definition: string;
  image: string;
  digest: string;
}

export interface Manifest {
  digest: string;
  tags: string[];
  pushedAt: number;
  parts: string[];
  subject?: string;
}

/** What ECS and ECR have in a Region. */
export interface Region {
  clusters: string[];
  services: Service[];
  tasks: Task[];
  families: Map<string, Definition[]>;
  repository: string;
  manifests: Manifest[];
}

/** What is told of the deletions, each right before it is carried out. */
export interface Watcher {
  deregisters(family: string, revision: number): void;
  deletes(digests: string[]): void;
  /** After each. */
  done(): void;
}

/** Answers as ECS and ECR do, a few things a page; all else is refused. */
export async function serveRegion(tags: { Key: string; Value: string }[]) {
  let at: { region: Region; watcher: Watcher; page: number };
  let isTooMuch = () => false;
  let refused = 0;
  const server = createServer(async (incoming, outgoing) => {
    const text = Buffer.concat(await incoming.toArray()).toString();
    const operation = String(incoming.headers['x-amz-target']).split('.').at(-1)!;
    let status = 200;
    let body: object;
    try {
      if (isTooMuch()) {
        refused += 1;
        throw new Refused('ThrottlingException', 'Rate exceeded');
      }
      const answer = answers(at.region, at.watcher, tags, at.page)[operation];
      if (!answer) throw new Refused('AccessDeniedException', `not here: ${operation}`);
      body = answer(JSON.parse(text) as Input);
    } catch (error) {
      const { name, message } = error as Error;
      status = 400;
      body = { __type: name, message };
    }
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on this is what stands. */
    show(region: Region, watcher: Watcher, page: number) {
      at = { region, watcher, page };
    },
    /** From now on it is asked for each call whether it is one too many. */
    throttle(isOneTooMany: () => boolean) {
      isTooMuch = isOneTooMany;
    },
    throttled: () => refused,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
