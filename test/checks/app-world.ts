import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { appsOf } from '../../src/checks/app/apps.ts';
import type { AppLooking, Check, Looking } from '../../src/checks/check.ts';
import { examination, examine, type Finding } from '../../src/checks/examine.ts';
import { appResources } from '../../src/tasks/app/index.ts';
import type { Answered } from '../../src/tasks/app/scope.ts';
import { namesOf } from '../../src/tasks/cluster/names.ts';
import { ourTags } from '../../src/tasks/tags.ts';
import { REGION } from '../support/clients.ts';
import { type AppWorld, newAppWorld } from '../tasks/app/world.ts';

export const ZONE = 'springfield.gov';

export interface CheckWorld extends AppWorld {
  looking(): Promise<Looking>;
  appLooking(service: string): Promise<AppLooking>;
  /** What the check with that id finds now. */
  look<L extends Looking>(checks: Check<L>[], id: string, looking: L): Promise<Finding>;
}

/** A cluster with the named apps, set up and not deployed, in an account with a zone for them. */
export async function newCheckWorld(...services: string[]): Promise<CheckWorld> {
  const world = await newAppWorld();
  await world.emulator.settings({
    ...{ issue_certificates: true, certificate_record_delay: 0, certificate_delay: 0 },
    distribution_delay: 0,
  });
  await world.aws.route53.send(new CreateHostedZoneCommand({ Name: ZONE, CallerReference: ZONE }));
  for (const service of services) await addApp(world, service);
  const looking = async () => lookingOf(await world.env({ service: 'none' }));
  return {
    ...world,
    looking,
    async appLooking(service) {
      const base = await looking();
      const app = (await appsOf(base)).find((each) => each.service === service);
      if (!app) throw new Error(`there is no app ${service}`);
      return { ...base, app };
    },
    async look(checks, id, about) {
      const check = checks.find((each) => each.id === id);
      if (!check) throw new Error(`there is no check ${id}`);
      about.aws.reads.remember();
      const [finding] = await examine([examination(check, about)], () => {});
      about.aws.reads.forget();
      return finding!;
    },
  };
}

async function addApp(world: AppWorld, service: string): Promise<void> {
  const resources = appResources.filter(({ section }) => section !== 'App Repository');
  const answers = { certificate: 'request', cdn: true, host: [`${service}.${ZONE}`] };
  const done = await world.run(resources, { service, answers: { 'https-only': true, ...answers } });
  if (done.errors.length > 0) throw new Error(`${service} was not added: ${done.errors}`);
  const { domainName } = [...done.lives.values()].find(
    (live): live is { id: string; domainName: string } =>
      live !== undefined && 'domainName' in live,
  )!;
  await world.aws.s3.send(
    new PutObjectCommand({
      ...{ Bucket: (await world.env({ service })).cluster.bucket, Key: `${service}/.env` },
      Body: `NEXT_ASSET_PREFIX=https://${domainName}\nSECRET=of-the-app\n`,
      ServerSideEncryption: 'AES256',
    }),
  );
}

function lookingOf({
  aws,
  account,
  caller,
  partition,
  signal,
}: Answered & { signal: AbortSignal }) {
  const names = namesOf({ account: 'digital', cluster: 'digitalApps', bucket: 'cob' });
  return {
    ...{ aws, account, caller, partition, names, signal },
    ...{ region: REGION, tags: ourTags(names.cluster, REGION), rename: '', deep: false },
  };
}
