import { UserError } from '../../errors.ts';
import { namesOf, USUAL_PREFIXES } from '../../tasks/cluster/names.ts';
import type { Answers } from './question.ts';

export const CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[0-9a-f-]+$/;

/** The Region of a certificate, which must be the cluster's. */
export function regionOfCertificate(arn: string): string | undefined {
  return CERTIFICATE_ARN.exec(arn)?.[1];
}

/**
 * Checks answers that only make sense together, as far as they are known.
 * @throws UserError naming the two that do not fit.
 */
export function checkTogether(answers: Answers, region?: string): void {
  const { min, desired, max, vpc, subnets, zones, certificate } = answers;
  if (min !== undefined && max !== undefined && min > max) {
    throw new UserError(`min is ${min} and max is ${max}: min cannot be more than max.`);
  }
  if (min !== undefined && desired !== undefined && min > desired) {
    throw new UserError(
      `min is ${min} and desired is ${desired}: min cannot be more than desired.`,
    );
  }
  if (desired !== undefined && max !== undefined && desired > max) {
    throw new UserError(
      `desired is ${desired} and max is ${max}: desired cannot be more than max.`,
    );
  }
  if (vpc === 'new' && subnets?.length) {
    throw new UserError(
      'subnets are of an existing network: give vpc=vpc-… with them, or zones for a new one.',
    );
  }
  const ofNew = (['vpc-cidr', 'zones'] as const).find((key) => answers[key] !== undefined);
  if (vpc && vpc !== 'new' && ofNew) {
    throw new UserError(
      `${ofNew} is for a new network, and ${vpc} exists: leave it out, or say vpc=new.`,
    );
  }
  if (!answers.bucket) refuseLongBucketName(answers);
  const stray = zones?.find((zone) => region && !zone.startsWith(region));
  if (stray) throw new UserError(`zones: ${stray} is not in ${region}.`);
  const elsewhere = regionOfCertificate(certificate ?? '');
  if (region && elsewhere && elsewhere !== region) {
    throw new UserError(
      `The certificate is in ${elsewhere} and the cluster in ${region}: a load balancer takes certificates of its own Region alone.`,
      `Request one in ${region}, or leave it at --set certificate=none.`,
    );
  }
}

/** The bucket's name follows from two prefixes that may each be right and together be too long. */
function refuseLongBucketName(answers: Answers): void {
  const { account, ...usual } = USUAL_PREFIXES;
  const { 'bucket-prefix': bucket = usual.bucket, 'cluster-prefix': cluster = usual.cluster } =
    answers;
  const name = namesOf({ account, bucket, cluster }).bucket;
  if (name.length <= 63) return;
  throw new UserError(
    `bucket: ${name} has ${name.length} characters; S3 takes 63 at most.`,
    'Take a shorter bucket-prefix or cluster-prefix, or name the bucket: --set bucket=NAME.',
  );
}
