import {
  BatchGetRepositoryScanningConfigurationCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  ListTagsForResourceCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  type Repository,
  TagResourceCommand,
} from '@aws-sdk/client-ecr';
import { orAbsent } from '../../aws/absent.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { type Env, type Place, resource } from './scope.ts';

export interface ImageRepository extends Live {
  arn: string;
  tagMutability: string;
  /** Whether a build may push "latest" again. */
  latestMoves: boolean;
  /** How many images our rule keeps; undefined without it. */
  keepImages?: number;
  /** Of the lifecycle policy. */
  rulesOfOthers: LifecycleRule[];
  /** When images are scanned: "SCAN_ON_PUSH", "CONTINUOUS_SCAN" or "MANUAL"; undefined where AWS would not say. */
  scanning?: string;
  /** By the repository's own setting, which holds where the registry has none. */
  scansOnPush: boolean;
}

interface LifecycleRule {
  rulePriority: number;
  description?: string;
  selection: { tagStatus: string; countType: string; countNumber?: number };
}

/** How many images are kept where nobody said otherwise. */
export const KEEP_IMAGES = 100;

/** What our rule is known by. */
const DESCRIPTION = 'Keeps the newest images, by digital-apps';

export const imageRepository = resource<ImageRepository, NoNeeds>({
  name: 'Image repository',
  section: 'ECS > Repository',
  why: 'Keeps the app’s container images, the newest of them.',
  docs: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html',
  cost: 'per GB of images kept',
  needs: {},
  async read(place) {
    const { aws, names } = place;
    const repositoryName = names.repository;
    const [found, tags, policy, scanning] = await Promise.all([
      orAbsent(
        aws.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] })),
        NOT_FOUND,
      ),
      orAbsent(
        aws.ecr.send(new ListTagsForResourceCommand({ resourceArn: arnOf(place) })),
        NOT_FOUND,
      ),
      orAbsent(aws.ecr.send(new GetLifecyclePolicyCommand({ repositoryName })), NOT_FOUND),
      scanningOf(place),
    ]);
    const repository = found?.repositories?.[0];
    return (
      repository && {
        ...liveRepository(repository),
        ...rulesIn(policy?.lifecyclePolicyText),
        tags: fromTagList(tags?.tags),
        scanning,
      }
    );
  },
  wanted: ({ answers }, _needs, live) => ({
    // A person may have made all other tags immutable.
    ...(live?.latestMoves ? {} : { tagMutability: 'MUTABLE' }),
    // ECR takes one rule for images of any tag; a person’s own is theirs to keep.
    ...(live && ruleInPlaceOfOurs(live) ? {} : { keepImages: answers['keep-images'] }),
  }),
  async create({ aws, names, tags }) {
    const { repository } = await aws.ecr.send(
      new CreateRepositoryCommand({
        repositoryName: names.repository,
        imageTagMutability: 'MUTABLE',
        // Of this repository alone: what is set for the whole registry holds for others too.
        imageScanningConfiguration: { scanOnPush: true },
        tags: tagList(tags),
      }),
    );
    return { ...liveRepository(repository!), tags, rulesOfOthers: [] };
  },
  set: {
    async tagMutability({ env, live }) {
      await env.aws.ecr.send(
        new PutImageTagMutabilityCommand({
          repositoryName: live.id,
          imageTagMutability: 'MUTABLE',
        }),
      );
      return { latestMoves: true };
    },
    async keepImages({ env, live, to }) {
      await keepNewest(env, live, to!);
    },
  },
  tag,
  remarks(_env, live) {
    const remarks: string[] = [];
    const theirs = ruleOfOthers(live);
    if (theirs) remarks.push(`${theirs}, so keep-images is not looked at`);
    if (live.scanning === 'MANUAL' && !live.scansOnPush) {
      remarks.push(
        'nothing scans its images when they are pushed; basic scanning is free (ECR > Private registry > Scanning)',
      );
    }
    return remarks;
  },
});

/** Has the registry itself delete all but so many of the newest images; the rules of others stay. */
export async function keepNewest(
  { aws }: Pick<Place, 'aws'>,
  { id, rulesOfOthers }: ImageRepository,
  count: number,
): Promise<void> {
  const rules = [...rulesOfOthers, ourRule(count, rulesOfOthers)];
  await aws.ecr.send(
    new PutLifecyclePolicyCommand({
      repositoryName: id,
      lifecyclePolicyText: JSON.stringify({ rules }),
    }),
  );
}

/** What is said of a rule that a person has made for all images, and that leaves no room for ours. */
export function ruleOfOthers(live: ImageRepository): string | undefined {
  const theirs = ruleInPlaceOfOurs(live);
  return (
    theirs &&
    `its lifecycle rule “${theirs.description ?? theirs.rulePriority}” for all images was not made here and was left alone`
  );
}

const NOT_FOUND = /NotFoundException$/;

async function tag({ aws, tags }: Env, { arn }: ImageRepository): Promise<void> {
  await aws.ecr.send(new TagResourceCommand({ resourceArn: arn, tags: tagList(tags) }));
}

function arnOf({ partition, region, account, names }: Place): string {
  return `arn:${partition}:ecr:${region}:${account}:repository/${names.repository}`;
}

function liveRepository(found: Repository) {
  return {
    id: found.repositoryName!,
    arn: found.repositoryArn!,
    tagMutability: found.imageTagMutability!,
    latestMoves: latestMoves(found),
    scansOnPush: found.imageScanningConfiguration?.scanOnPush ?? false,
  };
}

function latestMoves(repository: Repository): boolean {
  const { imageTagMutability = '', imageTagMutabilityExclusionFilters: filters = [] } = repository;
  const isExcluded = filters.some(({ filter = '' }) =>
    new RegExp(`^${filter.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test('latest'),
  );
  return imageTagMutability.startsWith('MUTABLE') !== isExcluded;
}

function rulesIn(policyText = '{}') {
  const { rules = [] } = JSON.parse(policyText) as { rules?: LifecycleRule[] };
  return {
    keepImages: rules.find(isAsMade)?.selection.countNumber,
    rulesOfOthers: rules.filter((rule) => !isOurs(rule)),
  };
}

function isOurs({ description }: LifecycleRule): boolean {
  return description === DESCRIPTION;
}

function isAsMade(rule: LifecycleRule): boolean {
  const { tagStatus, countType } = rule.selection;
  return isOurs(rule) && tagStatus === 'any' && countType === 'imageCountMoreThan';
}

function ruleInPlaceOfOurs({ rulesOfOthers }: ImageRepository): LifecycleRule | undefined {
  return rulesOfOthers.find(({ selection }) => selection.tagStatus === 'any');
}

/** ECR wants a rule for images of any tag to be the last. */
function ourRule(countNumber: number, others: LifecycleRule[]) {
  return {
    rulePriority: 1 + Math.max(0, ...others.map(({ rulePriority }) => rulePriority)),
    description: DESCRIPTION,
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber },
    action: { type: 'expire' },
  };
}

/** A remark is all that follows from it, so that whoever may not ask is not stopped. */
async function scanningOf({ aws, names }: Place): Promise<string | undefined> {
  const found = await aws.ecr
    .send(
      new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: [names.repository] }),
    )
    .catch(() => undefined);
  return found?.scanningConfigurations?.[0]?.scanFrequency;
}
