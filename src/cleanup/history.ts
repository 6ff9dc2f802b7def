import {
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../aws/absent.ts';
import { inBatches } from '../aws/batches.ts';
import type { Aws } from '../aws/clients.ts';
import type { DefinitionNeed, NamedImage } from './running.ts';

/** AWS describes this many at a time. So far back, something else than what runs now is looked for. */
const AT_ONCE = 20;

const UNFINISHED = /^(PENDING|IN_PROGRESS|STOP_REQUESTED|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS)$/;

/** What an emulator says that does not keep the history of services. */
const UNKNOWN = /^(NotImplemented|UnknownOperation)/;

interface History {
  definitions: DefinitionNeed[];
  images: NamedImage[];
}

/** What services may be rolled back to; read anew only once ECS is at another deployment of one, or done with it. */
export class Histories {
  readonly #aws: Aws;
  /** By the service's ARN. */
  readonly #known = new Map<string, { at: string; history: Promise<History> }>();

  constructor(aws: Aws) {
    this.#aws = aws;
  }

  of(service: Service): Promise<History> {
    const { serviceArn = '', deployments = [] } = service;
    const at = JSON.stringify(
      deployments.map(({ id, rolloutState, updatedAt }) => [id, rolloutState, updatedAt]),
    );
    const known = this.#known.get(serviceArn);
    if (known?.at === at) return known.history;
    const history = historyOf(this.#aws, service);
    this.#known.set(serviceArn, { at, history });
    history.catch(() => this.#known.delete(serviceArn));
    return history;
  }
}

/**
 * What a service may be rolled back to: what it last ran well before what it runs now, which with
 * failed deployments in between may be long ago. ECS remembers 90 days.
 */
async function historyOf(aws: Aws, service: Service): Promise<History> {
  const deployments = await deploymentsOf(aws, service);
  const worked = targetsOf(deployments, /^SUCCESSFUL$/).slice(0, AT_ONCE);
  const asked = [...new Set([...worked, ...targetsOf(deployments, UNFINISHED)])];
  const described = await Promise.all(
    inBatches(asked, AT_ONCE).map((serviceRevisionArns) =>
      aws.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
    ),
  );
  const all = described.flatMap(({ serviceRevisions = [] }) => serviceRevisions);
  const byArn = new Map(all.map((revision) => [revision.serviceRevisionArn!, revision]));
  const [now, ...before] = worked.flatMap((arn) => byArn.get(arn) ?? []);
  const previous = before.find(({ taskDefinition }) => taskDefinition !== now!.taskDefinition);
  const unfinished = all.filter(({ serviceRevisionArn }) => !worked.includes(serviceRevisionArn!));
  const needed = [now, previous, ...unfinished].filter((each) => each !== undefined);
  return needsOf(needed, `to roll the service ${service.serviceName} back to`);
}

/** The newest first. */
async function deploymentsOf(
  { ecs }: Aws,
  { serviceArn, clusterArn: cluster }: Service,
): Promise<ServiceDeploymentBrief[]> {
  const all: ServiceDeploymentBrief[] = [];
  for (let nextToken: string | undefined, isFirst = true; isFirst || nextToken; isFirst = false) {
    const page = await orAbsent(
      ecs.send(
        new ListServiceDeploymentsCommand({
          ...{ service: serviceArn, cluster, maxResults: 100, nextToken },
        }),
      ),
      UNKNOWN,
    );
    all.push(...(page?.serviceDeployments ?? []));
    nextToken = page?.nextToken;
  }
  return all.toSorted((a, b) => Number(b.createdAt ?? 0) - Number(a.createdAt ?? 0));
}

function targetsOf(deployments: ServiceDeploymentBrief[], status: RegExp): string[] {
  return deployments
    .filter((each) => status.test(each.status ?? ''))
    .flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []);
}

/** A service goes on with the images that a tag named when it was deployed. */
function needsOf(revisions: ServiceRevision[], why: string): History {
  return {
    definitions: revisions.flatMap(({ taskDefinition: definition }) =>
      definition ? [{ definition, why }] : [],
    ),
    images: revisions.flatMap(({ containerImages = [] }) =>
      containerImages.flatMap(({ imageDigest: digest }) => (digest ? [{ digest, why }] : [])),
    ),
  };
}
