import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { orAbsent } from '../../src/aws/absent.ts';
import { find } from '../app-repo/support/app-repo.ts';
import { awsClients } from './clients.ts';

/** Why there can be no registry here, if so. */
export function whyNoRegistry(): string | undefined {
  return find('docker-registry') ? undefined : 'no docker-registry';
}

/** What happens to requests like that, instead of what they ask for. */
interface Fault {
  method: RegExp;
  path: RegExp;
  /** How often; always without it. */
  times?: number;
  /** "reset" lets half of what is sent arrive, "hold" gives no answer. */
  with: 'reset' | 'hold' | number;
}

export interface Registry {
  /** What is logged in to, and what image names start with: 127.0.0.1:PORT. */
  host: string;
  /** What was answered, as "201 PUT /v2/…". */
  answered: string[];
  /** For the user AWS, as ECR's token says it. Those that were taken before have expired. */
  password: string;
  inject(fault: Fault): void;
  clear(): void;
  stop(): Promise<void>;
}

/**
 * ECR's registry, as docker sees it, for the repositories that are in the emulator: Debian's
 * docker-registry, and before it what ECR has of its own. What is pushed, the emulator knows.
 */
export async function startRegistry(emulator: string): Promise<Registry> {
  const behind = await startBehind();
  const { ecr } = awsClients(emulator);
  const answered: string[] = [];
  const expired = new Set<string>();
  let password = '123456789012-auth-token';
  let faults: Fault[] = [];

  const server = createServer((incoming, outgoing) => {
    // A client that left in the middle must not end the test process.
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse) {
    const line = `${incoming.method} ${incoming.url}`;
    outgoing.once('finish', () => answered.push(`${outgoing.statusCode} ${line}`));
    const refusal = refusalOf(incoming) ?? (await refusalOfEcr(incoming));
    if (refusal) return refuse(outgoing, ...refusal);
    const fault = takeFault(incoming);
    if (fault?.with === 'hold') return;
    if (fault?.with === 'reset') {
      await once(incoming, 'data');
      return incoming.socket.resetAndDestroy();
    }
    if (fault) {
      outgoing.writeHead(fault.with).end('not now');
      return;
    }
    await forward(incoming, outgoing);
  }

  function refusalOf({ headers }: IncomingMessage): Refusal | undefined {
    const given = Buffer.from(headers.authorization?.split(' ')[1] ?? '', 'base64').toString();
    if (given === `AWS:${password}`) return undefined;
    if (!expired.has(given)) return [401, 'UNAUTHORIZED', 'authentication required'];
    return [
      ...([403, 'DENIED'] as const),
      'Your authorization token has expired. Reauthenticate and try again.',
    ];
  }

  async function refusalOfEcr({ method, url = '' }: IncomingMessage): Promise<Refusal | undefined> {
    const [, name, tag] = /^\/v2\/(.+?)\/(?:blobs|manifests)\/([^/?]*)/.exec(url) ?? [];
    if (!name || method === 'GET' || method === 'HEAD') return undefined;
    const described = ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
    const repository = (await orAbsent(described, /^RepositoryNotFound/))?.repositories?.[0];
    if (!repository) {
      const message = `The repository with name '${name}' does not exist in the registry with id '123456789012'`;
      return [404, 'NAME_UNKNOWN', message];
    }
    if (!/\/manifests\//.test(url) || repository.imageTagMutability === 'MUTABLE') return undefined;
    const there = ecr.send(
      new DescribeImagesCommand({ repositoryName: name, imageIds: [{ imageTag: tag }] }),
    );
    if (!(await orAbsent(there, /^ImageNotFound/))) return undefined;
    return [
      ...([400, 'TAG_INVALID'] as const),
      `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the repository is immutable.`,
    ];
  }

  function takeFault({ method, url = '' }: IncomingMessage): Fault | undefined {
    const fault = faults.find((each) => each.method.test(method!) && each.path.test(url));
    if (fault?.times !== undefined) fault.times -= 1;
    faults = faults.filter(({ times }) => times !== 0);
    return fault;
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url = '', headers } = incoming;
    const [, repositoryName, reference] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url) ?? [];
    const upstream = request({ port: behind.port, host: '127.0.0.1', method, path: url, headers });
    const isManifest = method === 'PUT' && reference !== undefined;
    const body = isManifest ? Buffer.concat(await incoming.toArray()) : undefined;
    if (body) upstream.end(body);
    else incoming.pipe(upstream);
    const [response] = (await once(upstream, 'response')) as [IncomingMessage];
    if (body && response.statusCode === 201) {
      const put = new PutImageCommand({
        repositoryName,
        imageManifest: body.toString(),
        imageManifestMediaType: headers['content-type'],
        imageDigest: String(response.headers['docker-content-digest']),
        ...(reference!.startsWith('sha256:') ? {} : { imageTag: reference }),
      });
      await orAbsent(ecr.send(put), /^ImageAlreadyExists/);
    }
    outgoing.writeHead(response.statusCode!, response.headers);
    response.pipe(outgoing);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    get password() {
      return password;
    },
    set password(next) {
      expired.add(`AWS:${password}`);
      expired.delete(`AWS:${next}`);
      password = next;
    },
    inject: (fault) => faults.push(fault),
    clear() {
      faults = [];
      answered.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await behind.stop();
    },
  };
}

type Refusal = [status: number, code: string, message: string];

function refuse(outgoing: ServerResponse, ...[status, code, message]: Refusal): void {
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    ...(status === 401 && { 'www-authenticate': 'Basic realm="ecr",service="ecr.amazonaws.com"' }),
  });
  outgoing.end(JSON.stringify({ errors: [{ code, message }] }));
}

/** Debian's registry on a free port, which lets everybody do everything. */
async function startBehind() {
  const folder = await mkdtemp(join(tmpdir(), 'digital-apps-registry-'));
  const config = {
    version: 0.1,
    log: { accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: '127.0.0.1:0' },
  };
  const file = join(folder, 'config.yml');
  await writeFile(file, JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = () => child.kill();
  process.once('exit', end);
  const port = await portIn(child.stderr);
  child.stderr.resume();
  return {
    port,
    async stop() {
      process.off('exit', end);
      const gone = once(child, 'exit');
      end();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function portIn(log: Readable): Promise<number> {
  let text = '';
  for await (const chunk of log.iterator({ destroyOnReturn: false })) {
    text += chunk;
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port) return Number(port);
  }
  throw new Error(`docker-registry did not start:\n${text}`);
}
