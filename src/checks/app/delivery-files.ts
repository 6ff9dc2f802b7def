import packageJson from '../../../package.json' with { type: 'json' };
import { readInside } from '../../scaffold/files.ts';
import { standingOf } from '../../scaffold/stamp.ts';
import { readTemplates, type Template } from '../../scaffold/templates.ts';
import { deployedBranch, installsEcsCli } from '../../scaffold/travis-yml.ts';
import { type Check, fail, pass, skip, type Verdict, warn } from '../check.ts';
import type { DeliveryLooking } from './delivery-looking.ts';
import { addApp } from './words.ts';

const TRAVIS_YML = '.travis.yml';

export const filesChecks: Check<DeliveryLooking>[] = [
  {
    id: 'delivery.files',
    group: 'Delivery',
    title: 'The app’s repository has the files that deploy it',
    problem: 'The files that deploy the app are not as they should be',
    why: 'Travis CI builds and deploys by them.',
    fix: 'add-app writes what is missing and updates what nobody has changed.',
    isMendable: true,
    async look(looking) {
      const { dir } = looking;
      if (!dir)
        return skip('Its files are compared where the doctor is run in the app’s repository.');
      const travisYml = await readInside(dir, TRAVIS_YML);
      const branch = travisYml && deployedBranch(travisYml);
      const flavour = travisYml && installsEcsCli(travisYml) ? 'ecs-cli' : 'digital-apps';
      const { version } = packageJson;
      const templates = await readTemplates(flavour, { version, branch: branch ?? '' });
      const ours = templates.filter(({ path }) => path !== TRAVIS_YML);
      const files = await Promise.all(ours.map((template) => fileTrouble(template, looking, dir)));
      const found = [...files.flat(), ...travisTrouble(looking, travisYml, branch)];
      return found.length > 0 ? found : pass(`All are there in ${dir}.`);
    },
  },
];

/** What a person has changed is theirs, and right. */
async function fileTrouble(
  { path, content }: Template,
  looking: DeliveryLooking,
  dir: string,
): Promise<Verdict[]> {
  const text = await readInside(dir, path);
  if (text === undefined) return [fail(`${path} is missing in ${dir}.`, addApp(looking), path)];
  if (standingOf(text, path, content) !== 'older') return [];
  return [warn(`${path} is as an older digital-apps wrote it.`, addApp(looking), path)];
}

function travisTrouble(
  looking: DeliveryLooking,
  text: string | undefined,
  branch: string | undefined,
): Verdict[] {
  if (text === undefined) {
    return [fail(`There is no ${TRAVIS_YML} in ${looking.dir}.`, addApp(looking), TRAVIS_YML)];
  }
  if (branch) return [];
  return [
    fail(
      `${TRAVIS_YML} does not deploy a branch with deploy/ecs-deploy.js.`,
      addApp(looking),
      TRAVIS_YML,
    ),
  ];
}
