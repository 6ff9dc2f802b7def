import { paginateListImages } from '@aws-sdk/client-ecr';
import { orAbsent } from '../../aws/absent.ts';
import { type AppLooking, type Check, fail, pass, type Verdict, warn } from '../check.ts';
import { NEARLY, quotaOf, quotaPage } from '../lookups/quotas.ts';
import { countRevisions, definitionOf } from '../lookups/revisions.ts';
import { isOneOfFew, NOT_DEPLOYED, ONE_OF_MANY, serviceOf } from '../lookups/services.ts';
import { addApp, cleanup } from './words.ts';

const group = 'App';

const MANY_REVISIONS = 100;
/** What the guide's registry took; today's takes a hundred times as many, and charges for all. */
const MANY_IMAGES = 1000;
/** Of ECR: images per repository. */
const QUOTA = ['ecr', 'L-03A36CE1'] as const;

/** The guide's Housekeeping. */
export const housekeepingChecks: Check<AppLooking>[] = [
  {
    id: 'app.revisions',
    ...{ group, title: 'There are not too many old task definitions' },
    problem: 'There are many old task definitions',
    why: 'Each deploy adds one; old ones clutter the console.',
    fix: 'digital-apps cleanup APP deregisters those that nobody needs.',
    async look(looking) {
      const service = await serviceOf(looking);
      if (!service) return NOT_DEPLOYED;
      if (!isOneOfFew(looking)) return ONE_OF_MANY;
      const { family } = definitionOf(service.taskDefinition!);
      const many = await countRevisions(looking, family, looking.deep ? undefined : MANY_REVISIONS);
      if (many <= MANY_REVISIONS) return pass(`${many} of ${family} are active.`);
      const number = looking.deep ? `${many}` : `More than ${MANY_REVISIONS}`;
      const counting = looking.deep ? '' : ' (--deep counts them)';
      return warn(
        `${number} task definitions of ${family} are active${counting}.`,
        cleanup(looking),
      );
    },
  },
  {
    id: 'app.images',
    ...{ group, title: 'There are not too many old images' },
    problem: 'The app has very many images, or no repository for them',
    why: 'AWS charges for each GB of images that is kept, and takes no more of them at its quota.',
    fix: 'digital-apps cleanup APP deletes those that nobody needs; add-app has the registry do so by itself: --set keep-images=30.',
    async look(looking) {
      if (!isOneOfFew(looking)) return ONE_OF_MANY;
      const { repository } = looking.app.names;
      const images = await countImages(looking, repository);
      if (images === undefined) {
        return fail(`There is no image repository ${repository}.`, addApp(looking));
      }
      if (images <= MANY_IMAGES) return pass(`${repository} has ${images} images.`);
      return tooManyImages(looking, repository, images);
    },
  },
];

/** Each once, however many tags it has, and no further than there are many; undefined without the repository. */
async function countImages(
  { aws, deep }: AppLooking,
  repositoryName: string,
): Promise<number | undefined> {
  const images = new Set<string | undefined>();
  const pages = paginateListImages({ client: aws.ecr, pageSize: 1000 }, { repositoryName });
  const counting = async () => {
    for await (const { imageIds = [] } of pages) {
      for (const { imageDigest } of imageIds) images.add(imageDigest);
      if (images.size > MANY_IMAGES && !deep) break;
    }
    return images.size;
  };
  return orAbsent(counting(), /^RepositoryNotFound/);
}

/** Only those that were all counted are compared with what AWS takes. */
async function tooManyImages(
  looking: AppLooking,
  repository: string,
  images: number,
): Promise<Verdict> {
  const keepFewer = cleanup(looking);
  if (!looking.deep) {
    return warn(
      `${repository} has more than ${MANY_IMAGES} images (--deep counts them).`,
      keepFewer,
    );
  }
  // Who may not ask for it is told of the images all the same.
  const most = await quotaOf(looking, ...QUOTA).catch(() => undefined);
  if (!most || images < most * NEARLY)
    return warn(`${repository} has ${images} images.`, keepFewer);
  const evidence = `${repository} has ${images} of the ${most} images that ECR takes`;
  const fix = `${keepFewer}. Until it has deleted the others, ask for more: ${quotaPage(looking, ...QUOTA)}`;
  return images < most ? warn(`${evidence}.`, fix) : fail(`${evidence}: no build can push.`, fix);
}
