import { pick } from '../inputs/random.ts';
import { ACCOUNT, type Definition, type Manifest, type Region, type Service } from './region.ts';

export type Next = () => number;

const REPOSITORY = 'digital-apps/permits';

export function upTo(next: Next, most: number): number {
  return Math.floor(next() * (most + 1));
}

/** Two clusters that share task definitions, of which one is the app's; some things in use are inactive by now. */
export function randomRegion(next: Next): Region {
  const manifests = randomManifests(next);
  const families = new Map(
    ['permits', 'permits-nightly', 'roads'].map((family) => {
      const count = family === 'permits' ? 5 + upTo(next, 30) : 1 + upTo(next, 3);
      const all = Array.from({ length: count }, (_, index): Definition => {
        // The newest is always there.
        const isActive = index === count - 1 || next() < 0.85;
        return { revision: index + 1, isActive, image: nameOfOne(next, manifests) };
      });
      return [family, all];
    }),
  );
  const region: Region = {
    clusters: ['digitalApps', 'other'],
    ...{ services: [], tasks: [], families, repository: REPOSITORY, manifests },
  };
  const places = [
    ['permits', 'digitalApps', 'permits'],
    ['animals', 'other', 'permits'],
    ['roads', 'digitalApps', 'roads'],
  ] as const;
  for (const [name, cluster, family] of places) {
    if (next() < 0.8) region.services.push(randomService(next, region, name, cluster, family));
  }
  for (let count = upTo(next, 2); count > 0; count -= 1) runTask(next, region);
  return region;
}

function randomService(
  next: Next,
  region: Region,
  name: string,
  cluster: string,
  family: string,
): Service {
  const history = Array.from({ length: 1 + upTo(next, 4) }, () => ({
    definition: `${family}:${pick(next, region.families.get(family)!).revision}`,
    digest: pick(next, region.manifests).digest,
    status: next() < 0.6 ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL',
  }));
  history[0]!.status = 'SUCCESSFUL';
  const deployments = [{ id: `${name} 0`, definition: history[0]!.definition, updatedAt: 1 }];
  return { name, cluster, history, deployments };
}

/** Indexes, signatures, images that lost their tag, and many of the same moment. */
function randomManifests(next: Next): Manifest[] {
  const all: Manifest[] = [];
  for (let number = 5 + upTo(next, 30); number > 0; number -= 1) {
    const others = all.map(({ digest }) => digest);
    const isIndex = others.length > 0 && next() < 0.3;
    const subject = others.length > 0 && !isIndex && next() < 0.1 ? pick(next, others) : undefined;
    all.push({
      digest: `sha256:${number}`,
      tags: next() < 0.8 ? [`${number}-abc`] : [],
      pushedAt: 1_700_000_000 + upTo(next, 20),
      parts: isIndex ? [...new Set([pick(next, others), pick(next, others)])] : [],
      subject,
    });
  }
  return all.sort(() => next() - 0.5);
}

/** As a task definition names it: by a tag, by its digest, or by both. */
function nameOfOne(next: Next, manifests: Manifest[]): string {
  const { digest, tags } = pick(next, manifests);
  const name = `${ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/${REPOSITORY}`;
  const tag = tags.length > 0 ? `:${tags[0]}` : '';
  return next() < 0.5 && tag ? name + tag : `${name}${next() < 0.5 ? tag : ''}@${digest}`;
}

function runTask(next: Next, { clusters, families, tasks, manifests }: Region): void {
  const family = pick(next, [...families.keys()]);
  const { revision, image } = pick(next, families.get(family)!);
  const { digest } = pick(next, manifests);
  tasks.push({ cluster: pick(next, clusters), definition: `${family}:${revision}`, image, digest });
}

/** Something that others do meanwhile. */
export function happen(next: Next, region: Region, moment: number): void {
  if (region.manifests.length === 0) return;
  const service = region.services.length > 0 ? pick(next, region.services) : undefined;
  pick(next, [
    () => register(next, region, 'permits'),
    () => register(next, region, pick(next, [...region.families.keys()])),
    () => service && beginDeployment(next, region, service, moment),
    () => service && endDeployment(service, moment, next() < 0.6),
    () => service && endDeployment(service, moment, true),
    () => runTask(next, region),
    () => region.tasks.splice(0, 1),
    () => pick(next, region.manifests).tags.push(`again-${moment}`),
  ])();
}

function register(next: Next, { families, manifests }: Region, family: string): void {
  const all = families.get(family)!;
  const revision = all.at(-1)!.revision + 1;
  all.push({ revision, isActive: true, image: nameOfOne(next, manifests) });
}

/** Often of what was registered last. */
function beginDeployment(
  next: Next,
  { families, manifests }: Region,
  { name, deployments, history }: Service,
  moment: number,
): void {
  const family = deployments[0]!.definition.split(':')[0]!;
  const active = families.get(family)!.filter(({ isActive }) => isActive);
  const { revision } = next() < 0.4 ? active.at(-1)! : pick(next, active);
  const definition = `${family}:${revision}`;
  deployments.unshift({ id: `${name} ${moment}`, definition, updatedAt: moment });
  const { digest } = pick(next, manifests);
  history.unshift({ definition, digest, status: 'IN_PROGRESS' });
}

function endDeployment({ deployments, history }: Service, moment: number, isWell: boolean): void {
  if (deployments.length < 2) return;
  history[0]!.status = isWell ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL';
  deployments.splice(0, deployments.length, deployments[isWell ? 0 : 1]!);
  deployments[0]!.updatedAt = moment;
}
