import { orAbsent } from '../../aws/absent.ts';
import { findBucket } from '../../tasks/app/cluster.ts';
import { ASSET_PREFIX, download, prefixIn, urlOf } from '../../tasks/app/config-object.ts';
import { assetPrefix } from '../../tasks/app/distribution.ts';
import { type AppLooking, type Check, fail, pass, skip, warn } from '../check.ts';
import { awsCli } from '../command-lines.ts';
import { keyOf } from '../lookups/app-key.ts';
import { keysIn } from '../lookups/config-files.ts';
import { distributionOf } from '../lookups/distributions.ts';
import { once } from '../lookups/once.ts';
import { isOneOfFew, ONE_OF_MANY } from '../lookups/services.ts';
import { filesChecks } from './delivery-files.ts';
import { travisChecks } from './delivery-travis.ts';
import { addApp } from './words.ts';

const group = 'Delivery';

/** Of the user that apps share all is asked for once; an app’s own user is a call or three for each. */
const OF_A_USER = skip(
  'Not looked at: the user that apps share has none for it, and there are many apps to look for their own (--deep does, or the app’s name).',
);

export const deliveryChecks: Check<AppLooking>[] = [
  {
    id: 'delivery.env-file',
    ...{ group, title: 'The app’s .env is in the config bucket, encrypted' },
    problem: 'The app’s .env is missing, or not encrypted with AES256',
    why: 'Each container reads it when it starts, and does not start without.',
    fix: 'Upload it: digital-apps add-app --set env-file=PATH.',
    async look(looking) {
      const place = await bucketed(looking);
      const fix = addApp(looking, '--set env-file=PATH');
      const missing = fail(`${urlOf(place)} is not there.`, fix);
      if (!isOneOfFew(looking)) {
        const keys = await keysIn(looking, place.cluster.bucket);
        if (!keys.has(place.names.configKey)) return missing;
        return pass(
          `${urlOf(place)} is there (whether it is encrypted, --deep looks, or the app’s name).`,
        );
      }
      const found = await envFileOf(looking, place);
      if (!found) return missing;
      const { ServerSideEncryption: encryption = 'not encrypted' } = found;
      if (encryption === 'AES256') return pass(`${urlOf(place)} is there, encrypted (AES256).`);
      return warn(`${urlOf(place)} is ${encryption}, not AES256.`, fix);
    },
  },
  {
    id: 'delivery.asset-prefix',
    ...{ group, title: 'The app’s assets are asked for at CloudFront' },
    problem: 'The app’s assets are not asked for at its CloudFront',
    why: 'With another distribution’s address, pages come without scripts and pictures.',
    fix: 'Upload the .env with add-app, which sets NEXT_ASSET_PREFIX.',
    async look(looking) {
      const distribution = await distributionOf(looking);
      if (!distribution) return skip('The app has no CloudFront distribution.');
      if (!isOneOfFew(looking)) return ONE_OF_MANY;
      const place = await bucketed(looking);
      const found = await envFileOf(looking, place);
      if (!found) return skip(`${urlOf(place)} is not there.`);
      const url = assetPrefix({ domainName: distribution.DomainName! });
      const aliases = (distribution.Aliases?.Items ?? []).map((alias) => `https://${alias}`);
      const prefix = prefixIn(found.content)?.replace(/\/$/, '');
      if (prefix && [url, ...aliases].includes(prefix)) {
        return pass(`${ASSET_PREFIX} is ${prefix}.`);
      }
      // What stands there instead may be anything, a secret in the wrong line as well.
      const fix = `${addApp(looking, '--set env-file=PATH')}; it sets ${ASSET_PREFIX} to ${url}`;
      return prefix
        ? fail(`${ASSET_PREFIX} in ${urlOf(place)} is not ${url}.`, fix)
        : warn(
            `${urlOf(place)} does not set ${ASSET_PREFIX}, so that CloudFront is not used.`,
            fix,
          );
    },
  },
  {
    id: 'delivery.key',
    ...{ group, title: 'The access key that Travis CI deploys with is active' },
    problem: 'The app has no active access key to deploy with',
    why: 'Without it nothing is deployed.',
    fix: 'Activate it in IAM, or have add-app make another.',
    async look(looking) {
      const found = await keyOf(looking, isOneOfFew(looking) ? 'anybody' : 'the shared user');
      const { service } = looking.app;
      if (!found && !isOneOfFew(looking)) return OF_A_USER;
      if (!found) {
        return fail(`${service} has no access key that is tagged as its own.`, addApp(looking));
      }
      const { user, key } = found;
      const used = key.lastUsed
        ? `last used ${key.lastUsed.toISOString().slice(0, 10)}`
        : 'never used';
      if (key.active) return pass(`${key.id} of ${user} is active, ${used}.`);
      return fail(
        `${key.id} of ${user} is inactive.`,
        `${awsCli(looking, 'iam update-access-key', `--user-name ${user}`, `--access-key-id ${key.id}`, '--status Active')}; or for a new one: ${addApp(looking, `--set access-key=replace-${key.id}`)}`,
      );
    },
  },
  ...travisChecks,
  ...filesChecks,
];

async function bucketed(looking: AppLooking) {
  const bucket = (await findBucket(looking)) ?? looking.names.bucket;
  return { ...looking, cluster: { bucket }, names: looking.app.names };
}

/** Downloaded once for all who look into it. */
function envFileOf(looking: AppLooking, place: Awaited<ReturnType<typeof bucketed>>) {
  return once(looking, `.env of ${looking.app.service}`, () =>
    orAbsent(download(place), /^NoSuchBucket/),
  );
}
