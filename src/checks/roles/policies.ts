import { isDeepStrictEqual } from 'node:util';
import { policyArn } from '../../tasks/cluster/lib/iam-arns.ts';
import {
  configReadDocument,
  configReadPolicy,
  deployDocument,
  deployPolicy,
  type PolicyDocument,
  readPolicy,
} from '../../tasks/cluster/policies.ts';
import { type Check, fail, type Looking, pass, type Verdict, warn } from '../check.ts';
import { initCluster, some } from '../command-lines.ts';
import { withBucket } from '../lookups/bucket.ts';
import { lackingIn } from '../lookups/policy-document.ts';

const group = 'Roles';
const fix = '`digital-apps init-cluster` writes it again.';

export const policyChecks: Check[] = [
  {
    id: 'roles.config-read',
    group,
    title: 'The config-read policy lets the config bucket be read, and nothing else',
    problem: 'The config-read policy is missing, or not as it should be',
    why: 'Every container gets its configuration by it.',
    fix,
    isMendable: true,
    judges: [[configReadPolicy]],
    look: async (looking) =>
      lookAtPolicy(
        looking,
        looking.names.configReadPolicy,
        configReadDocument(await withBucket(looking)),
      ),
  },
  {
    id: 'roles.deploy',
    group,
    title: 'The deploy policy lets Travis CI deploy, and nothing else',
    problem: 'The deploy policy is missing, or not as it should be',
    why: 'A deploy that lacks one of its actions fails half-way; one more is what a leaked key could do.',
    fix,
    isMendable: true,
    judges: [[deployPolicy]],
    look: (looking) => lookAtPolicy(looking, looking.names.deployPolicy, deployDocument(looking)),
  },
];

async function lookAtPolicy(
  looking: Looking,
  name: string,
  wanted: PolicyDocument,
): Promise<Verdict> {
  const found = await readPolicy(looking, policyArn(looking, name));
  const mend = initCluster(looking);
  if (!found) return fail(`There is no policy ${name}.`, mend);
  const lacking = lackingIn(found.document, wanted);
  if (lacking.length > 0) return fail(`${name} does not allow ${some(lacking)}.`, mend);
  if (isDeepStrictEqual(found.document, wanted)) return pass(`${name} is as it was made`);
  return warn(`${name} was changed, and may allow more than is needed.`, mend);
}
