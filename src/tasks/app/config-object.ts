import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { orAbsent } from '../../aws/absent.ts';
import { valueIn, withValue } from '../../env-file/change.ts';
import type { EnvFile } from '../../env-file/parse.ts';
import { envFileOf } from '../../env-file/read.ts';
import { StepFailed, UserError } from '../../errors.ts';
import type { Live } from '../resource.ts';
import { assetPrefix, distribution } from './distribution.ts';
import { differenceInKeys, digest, digestsOf, type EnvDigests } from './lib/env-digests.ts';
import { type Env, type Place, resourceWhen } from './scope.ts';

/** No value of a variable is in it: what is known of a resource is shown to people. */
interface ConfigObject extends Live {
  etag: string;
  /** Absent where the bucket keeps no versions. */
  version?: string;
  encryption: string;
  /** Says how they will differ; UNCHANGED as they stand. */
  variables: string;
  digests: EnvDigests;
}

/** All that says where the app's .env is. */
type Bucketed = Pick<Place, 'aws' | 'account'> & {
  cluster: Pick<Place['cluster'], 'bucket'>;
  names: Pick<Place['names'], 'configKey'>;
};

type Distribution = { domainName: string } | undefined;

const UNCHANGED = 'as uploaded';
export const ASSET_PREFIX = 'NEXT_ASSET_PREFIX';

export const configObject = resourceWhen<ConfigObject, { distribution: typeof distribution }>(
  ({ answers }) => answers['env-file'] !== 'none',
  {
    name: 'Environment variables',
    section: 'S3 > Config Bucket',
    why: 'The app reads its variables from here when it starts.',
    docs: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html',
    namedByAnswer: true,
    needs: { distribution },
    async read(place) {
      const found = await download(place);
      return (
        found && {
          id: urlOf(place),
          etag: found.ETag!,
          version: found.VersionId,
          encryption: found.ServerSideEncryption ?? 'none',
          variables: UNCHANGED,
          digests: digestsIn(found.content, urlOf(place)),
        }
      );
    },
    wanted: (env, { distribution }, live) => ({
      variables: (live && change(env, distribution, live)) ?? UNCHANGED,
      encryption: 'AES256',
    }),
    create: (env, { distribution }) => upload(env, distribution, { IfNoneMatch: '*' }),
    set: {
      variables: ({ env, live, needs }) => upload(env, needs.distribution, { IfMatch: live.etag }),
      encryption: ({ env, live, needs }) => upload(env, needs.distribution, { IfMatch: live.etag }),
    },
    remarks(env, live, { distribution }) {
      if (!change(env, distribution, live)) return [];
      return [
        live.version
          ? `what is there now stays as version ${live.version}`
          : 'the bucket keeps no versions, so that what is there now is lost',
      ];
    },
    preview({ envFile, answers: { cdn } }, live) {
      // What the distribution will be called may yet have to be seen.
      const words = live
        ? differenceInKeys(live.digests, digestsOf(envFile!), cdn ? ASSET_PREFIX : undefined)
        : [...envFile!.entries.keys()].join(', ');
      return [
        ...(words ? [`Variables: ${words}`] : []),
        ...(cdn ? [`${ASSET_PREFIX}: the CloudFront distribution’s URL`] : []),
      ];
    },
  },
);

/** What to say where the variables were uploaded by hand and do not name the distribution; undefined where they do. */
export async function assetPrefixNote(
  place: Place,
  distribution: { domainName: string },
): Promise<string | undefined> {
  const found = await download(place);
  const url = assetPrefix(distribution);
  if (found && prefixIn(found.content) === url) return undefined;
  const what = found ? `does not set ${ASSET_PREFIX} to ${url}` : 'is not there yet';
  return `${urlOf(place)} ${what}: upload your file with --set env-file=PATH, which sets ${ASSET_PREFIX} too.`;
}

/** What a file of variables sets the assets’ prefix to; undefined where it is none or does not. */
export function prefixIn(content: Buffer): string | undefined {
  try {
    return valueIn(envFileOf(content, ''), ASSET_PREFIX);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

export function urlOf({ cluster, names }: Bucketed): string {
  return `s3://${cluster.bucket}/${names.configKey}`;
}

function objectOf({ cluster, names, account }: Bucketed) {
  return { Bucket: cluster.bucket, Key: names.configKey, ExpectedBucketOwner: account };
}

/** The app’s .env as it is in the config bucket; undefined where it is not. */
export async function download(place: Bucketed) {
  const found = await orAbsent(
    place.aws.s3.send(new GetObjectCommand(objectOf(place))),
    /^NoSuchKey/,
  );
  if (!found) return undefined;
  return { ...found, content: Buffer.from(await found.Body!.transformToByteArray()) };
}

function digestsIn(content: Buffer, name: string): EnvDigests {
  try {
    return digestsOf(envFileOf(content, name));
  } catch (error) {
    if (error instanceof UserError) return { whole: digest(content) };
    throw error;
  }
}

/** The person's file; where there is a distribution, it names that. */
function wantedFile({ envFile }: Env, distribution: Distribution): EnvFile {
  if (!distribution) return envFile!;
  return withValue(envFile!, ASSET_PREFIX, assetPrefix(distribution));
}

function change(env: Env, distribution: Distribution, { digests }: ConfigObject) {
  return differenceInKeys(digests, digestsOf(wantedFile(env, distribution)));
}

type Condition = { IfMatch: string } | { IfNoneMatch: '*' };

/** Never over what somebody else has put there since it was looked at. */
async function upload(
  env: Env,
  distribution: Distribution,
  condition: Condition,
): Promise<ConfigObject> {
  const { text } = wantedFile(env, distribution);
  const put = env.aws.s3.send(
    new PutObjectCommand({
      ...{ ...objectOf(env), ...condition, Body: text },
      ...{ ServerSideEncryption: 'AES256', ContentType: 'text/plain' },
    }),
  );
  await orAbsent(put, /^(PreconditionFailed|NoSuchKey)$/);
  const now = await configObject.read(env);
  // An answer that got lost makes the next try meet what the first has put there.
  if (now?.encryption === 'AES256' && now.digests.whole === digest(text)) return now;
  throw new StepFailed(
    `${urlOf(env)} was changed by somebody else just now, and was left so.`,
    'Look at what it holds, then run again.',
  );
}
