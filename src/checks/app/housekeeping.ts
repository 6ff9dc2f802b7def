import { paginateListImages } from '@aws-sdk/client-ecr';
import { orAbsent } from '../../aws/absent.ts';
import { type AppLooking, type Check, fail, pass, warn } from '../check.ts';
import { activeRevisions, definitionOf } from '../lookups/revisions.ts';
import { isWorthACall, NOT_DEPLOYED, NOT_WORTH_A_CALL, serviceOf } from '../lookups/services.ts';
import { addApp, cleanup } from './words.ts';

const group = 'App';

const MANY_REVISIONS = 100;
/** What the guide's registry took; today's takes more, and charges for all. */
const MANY_IMAGES = 1000;

/** The guide's Housekeeping. */
export const housekeepingChecks: Check<AppLooking>[] = [
  {
    id: 'app.revisions',
    ...{ group, title: 'There are not too many old task definitions' },
    why: 'Each deploy adds one; old ones clutter the console.',
    fix: 'digital-apps cleanup APP deregisters those that nobody needs.',
    async look(looking) {
      const service = await serviceOf(looking);
      if (!service) return NOT_DEPLOYED;
      const { family, revision } = definitionOf(service.taskDefinition!);
      // There cannot be more than were ever made.
      if (revision <= MANY_REVISIONS) {
        return pass(`The latest of ${family} is revision ${revision}.`);
      }
      const { length: many } = await activeRevisions(looking, family);
      if (many <= MANY_REVISIONS) return pass(`${many} of ${family} are active.`);
      return warn(`${many} task definitions of ${family} are active.`, cleanup(looking));
    },
  },
  {
    id: 'app.images',
    ...{ group, title: 'There are not too many old images' },
    why: 'AWS charges for each GB of images that is kept.',
    fix: 'digital-apps cleanup APP deletes those that nobody needs; add-app has the registry do so by itself: --set keep-images=30.',
    async look(looking) {
      if (!(await isWorthACall(looking))) return NOT_WORTH_A_CALL;
      const { repository } = looking.app.names;
      const images = await countImages(looking, repository);
      if (images === undefined) {
        return fail(`There is no image repository ${repository}.`, addApp(looking));
      }
      const evidence = `${repository} has ${images} images.`;
      if (images <= MANY_IMAGES) return pass(evidence);
      return warn(evidence, cleanup(looking));
    },
  },
];

/** Each once, however many tags it has; undefined without the repository. */
async function countImages(
  { aws }: AppLooking,
  repositoryName: string,
): Promise<number | undefined> {
  const pages = await orAbsent(
    Array.fromAsync(paginateListImages({ client: aws.ecr, pageSize: 1000 }, { repositoryName })),
    /^RepositoryNotFound/,
  );
  const images = pages?.flatMap(({ imageIds = [] }) => imageIds);
  return images && new Set(images.map(({ imageDigest }) => imageDigest)).size;
}
