import { findBucket } from '../../tasks/app/cluster.ts';
import { clusterOutputs } from '../../tasks/cluster/outputs.ts';
import { settingsPage } from '../../travis/errors.ts';
import { find, type Variable } from '../../travis/variable.ts';
import { type Check, fail, pass, skip, type Verdict } from '../check.ts';
import { keyOf } from '../lookups/app-key.ts';
import { isOneOfFew, ONE_OF_MANY } from '../lookups/services.ts';
import type { DeliveryLooking } from './delivery-looking.ts';
import { addApp } from './words.ts';

const SERVICE = 'AWS_ECS_SERVICE_NAME';
const SECRET = 'AWS_SECRET_ACCESS_KEY';

export const travisChecks: Check<DeliveryLooking>[] = [
  {
    id: 'delivery.travis',
    group: 'Delivery',
    title: 'Travis CI has the app’s variables',
    problem: 'The app’s variables at Travis CI are not right',
    why: 'Builds deploy by them, and with a wrong one elsewhere or not at all.',
    fix: 'With a token for Travis CI, add-app sets them.',
    async look(looking) {
      const { travis, slug } = looking;
      if (!travis) return skip('There is no token for Travis CI (TRAVIS_TOKEN).');
      if (!slug)
        return skip(
          'The app’s repository is not known: add-app notes it, or run the doctor there.',
        );
      if (!isOneOfFew(looking)) return ONE_OF_MANY;
      const [variables, wanted] = await Promise.all([travis.variables(slug), wantedOf(looking)]);
      const branch = variables.find(
        ({ name, value }) => name === SERVICE && value === looking.app.service,
      )?.branch;
      const seen = (name: string) =>
        find(variables, { name, branch }) ?? find(variables, { name, branch: undefined });
      const wrong = [
        ...Object.entries(wanted).flatMap(([name, value]) => trouble(name, value, seen(name))),
        ...secretTrouble(seen(SECRET)),
      ];
      if (wrong.length === 0) return pass(`${slug} has them all${branch ? ` for ${branch}` : ''}.`);
      const fix = `${addApp(looking)}; or by hand: ${settingsPage(slug)}`;
      return wrong.map(([name, evidence]): Verdict => fail(evidence, fix, name));
    },
  },
];

type Trouble = [name: string, evidence: string];

/** The public ones, with the values they should have. */
async function wantedOf(looking: DeliveryLooking): Promise<Record<string, string>> {
  const { names, app } = looking;
  const [bucket = names.bucket, key] = await Promise.all([findBucket(looking), keyOf(looking)]);
  return {
    ...clusterOutputs({ ...looking, names: { ...names, bucket } }),
    ...(app.targetGroupArn && { AWS_EC2_TARGET_GROUP_ARN: app.targetGroupArn }),
    ...(key && { AWS_ACCESS_KEY_ID: key.key.id }),
    [SERVICE]: app.service,
  };
}

function trouble(name: string, wanted: string, found: Variable | undefined): Trouble[] {
  if (!found) return [[name, `Travis CI has no ${name}.`]];
  // A person may have made it private: then nobody can tell.
  if (!found.public || found.value === wanted) return [];
  return [[name, `Travis CI has another ${name} than ${wanted}.`]];
}

function secretTrouble(found: Variable | undefined): Trouble[] {
  if (!found) return [[SECRET, `Travis CI has no ${SECRET}.`]];
  if (!found.public) return [];
  return [
    [SECRET, `Travis CI shows ${SECRET} to everybody: it counts as known, and must be replaced.`],
  ];
}
