import { UserError } from '../../errors.ts';
import { hasBucket } from '../../tasks/cluster/bucket.ts';
import { USUAL_PREFIXES } from '../../tasks/cluster/names.ts';
import { bucketOf, configReadPolicy } from '../../tasks/cluster/policies.ts';
import { matching } from '../parse.ts';
import type { AnyQuestion } from '../question.ts';
import type { Question } from './question.ts';

const accountPrefix: Question<'account-prefix'> = {
  key: 'account-prefix',
  page: 'Names',
  ask: 'What do names start with that the whole account shares?',
  why: 'The user that Travis CI deploys as is named after it, and serves all clusters of the account.',
  kind: 'text',
  parse: matching(
    'account-prefix',
    /^[A-Za-z0-9_+=,.@-]{1,58}$/,
    'IAM takes letters, digits and _+=,.@- only, 58 at most here',
  ),
  usual: `\`${USUAL_PREFIXES.account}\``,
  default: () => USUAL_PREFIXES.account,
};

const clusterPrefix: Question<'cluster-prefix'> = {
  key: 'cluster-prefix',
  page: 'Names',
  ask: 'What is the cluster called?',
  why: 'The cluster, its network, roles and load balancer are named after it; a second cluster takes another name.',
  kind: 'text',
  parse(input) {
    const name = matching(
      'cluster-prefix',
      /^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
      'AWS takes letters, digits and hyphens, starting with a letter and not ending with a hyphen',
    )(input);
    if (name.length > 32) {
      throw new UserError(
        `cluster-prefix: “${name}” has ${name.length} characters; a load balancer’s name has 32 at most.`,
      );
    }
    const reserved = /^(internal-|sg-|aws)/i.exec(name)?.[0];
    if (reserved) {
      throw new UserError(
        `cluster-prefix: “${name}” will not do: AWS keeps names that start with ${reserved} for itself.`,
      );
    }
    return name;
  },
  usual: `\`${USUAL_PREFIXES.cluster}\``,
  default: () => USUAL_PREFIXES.cluster,
};

const bucketPrefix: Question<'bucket-prefix'> = {
  key: 'bucket-prefix',
  page: 'Names',
  ask: 'What do names start with that are unique in the world?',
  why: 'Bucket names are shared by all of AWS; the guide’s “cob” is for City of Boston.',
  kind: 'text',
  parse: matching(
    'bucket-prefix',
    /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{0,22}$/,
    'S3 takes lower-case letters, digits and hyphens, starting with a letter or digit, 23 at most here',
  ),
  usual: `\`${USUAL_PREFIXES.bucket}\``,
  default: () => USUAL_PREFIXES.bucket,
};

/** Asked before anything is looked for: what stands is found by these names. */
export const nameQuestions: AnyQuestion[] = [accountPrefix, clusterPrefix, bucketPrefix];

export const bucketQuestion: Question<'bucket'> = {
  key: 'bucket',
  page: 'Config bucket',
  ask: 'Which bucket keeps the apps’ environment variables?',
  why: 'It is made for that alone, and refuses uploads that are not encrypted.',
  kind: 'text',
  parse: matching(
    'bucket',
    /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    'S3 takes 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends',
  ),
  usual:
    'the one that stands, else `BUCKET_PREFIX-CLUSTER_PREFIX-config`, like `cob-digital-apps-config`',
  default({ place, standing }) {
    const policy = standing.get(configReadPolicy);
    return (policy && bucketOf(policy)) ?? place.names.bucket;
  },
  async choices({ place }) {
    const name = place.names.bucket;
    const free = await hasBucket(place, name).then(
      () => true,
      () => false,
    );
    if (free) return [];
    const other = `${name}-${place.account}`;
    return [{ value: other, label: `${other} (without the account it is taken)` }];
  },
  open: true,
  async verify(value, { place }) {
    await hasBucket(place, value);
  },
};
