import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { waitUntil } from '../../aws/waiting.ts';
import { StepFailed } from '../../errors.ts';
import type { Live } from '../resource.ts';
import { appCertificate } from './certificate.ts';
import { hostedZones } from './dns.ts';
import { describe, taggedCertificate, type ValidationRecord } from './lib/certificates.ts';
import { createRecords, recordsAt, valuesOf, type Zones, zonesFor } from './lib/zones.ts';
import { type Answered, type Env, resourceWhen } from './scope.ts';

interface ValidationRecords extends Live {
  /** "_1234.parks.example.gov CNAME _5678.acm-validations.aws". */
  records: Set<string>;
  /** Names that say something else. */
  foreign: string[];
}

interface Issue extends Live {
  issued: boolean;
  /** Why AWS has not issued it although it should have. */
  trouble?: string;
}

const section = 'Certificate Manager';
const docs = 'https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html';

export const validationRecords = resourceWhen<
  ValidationRecords,
  { appCertificate: typeof appCertificate; hostedZones: typeof hostedZones }
>(isRequested, {
  name: 'Validation records',
  section,
  why: 'Prove to AWS that the names are yours, now and whenever it renews the certificate.',
  docs,
  namedByAnswer: true,
  needs: { appCertificate, hostedZones },
  async read(place: Answered) {
    const { aws, answers, tags } = place;
    const [zones, certificate] = await Promise.all([
      zonesFor(aws, answers.host),
      taggedCertificate(aws, answers.host, tags),
    ]);
    const isInZone = answers.host.some((host) => zones[host]);
    if (!certificate?.isDescribed) return isInZone ? undefined : NOTHING_TO_MAKE;
    const { live, missing } = await look(place, certificate.records);
    return live.records.size === 0 && missing.length > 0 ? undefined : live;
  },
  wanted(_env, { appCertificate, hostedZones }, live) {
    const records = (appCertificate?.records ?? []).filter(
      ({ name }) => isIn(hostedZones.zones, name) && !live?.foreign.includes(name),
    );
    return { records: new Set(records.map(textOf)) };
  },
  create: (env, { appCertificate }) => make(env, appCertificate?.records ?? []),
  set: { records: ({ env, needs }) => make(env, needs.appCertificate?.records ?? []) },
  attention: (_env, { foreign }) =>
    foreign.map(
      (name) =>
        `${name} is there with another value and was left as it is; while it is there, AWS does not issue the certificate`,
    ),
});

const NOTHING_TO_MAKE: ValidationRecords = {
  id: 'none to make here',
  records: new Set(),
  foreign: [],
};

function isRequested({ answers }: Answered): boolean {
  return answers.certificate === 'request';
}

function isIn(zones: Zones, name: string): boolean {
  return Object.values(zones).some((zone) => zone && name.endsWith(`.${zone.name}`));
}

function textOf({ name, type, value }: ValidationRecord): string {
  return `${name} ${type} ${value}`;
}

/** What our zones say of those names. */
async function look({ aws }: Answered, wanted: ValidationRecord[]) {
  const zones = await zonesFor(
    aws,
    wanted.map(({ name }) => name),
  );
  const found = await Promise.all(
    wanted.map(async (record) => {
      const zone = zones[record.name];
      const sets = zone ? await recordsAt(aws, zone, record.name) : [];
      return { record, zone, sets };
    }),
  );
  const isThere = ({ record, sets }: { record: ValidationRecord; sets: ResourceRecordSet[] }) =>
    sets.some((set) => set.Type === record.type && valuesOf(set).includes(record.value));
  const standing = found.filter(isThere);
  const foreign = found.filter((each) => each.sets.length > 0 && !isThere(each));
  const live: ValidationRecords = {
    id:
      standing.length > 0
        ? standing.map(({ record }) => record.name).join(', ')
        : NOTHING_TO_MAKE.id,
    records: new Set(standing.map(({ record }) => textOf(record))),
    foreign: foreign.map(({ record }) => record.name),
  };
  return { live, missing: found.filter(({ zone, sets }) => zone && sets.length === 0) };
}

async function make(env: Env, records: ValidationRecord[]): Promise<ValidationRecords> {
  const { missing } = await look(env, records);
  for (const [zone, inZone] of Map.groupBy(missing, (each) => each.zone)) {
    const sets = inZone.map(({ record }) => ({
      Name: record.name,
      Type: record.type as 'CNAME',
      TTL: 300,
      ResourceRecords: [{ Value: record.value }],
    }));
    if (zone) await createRecords(env.aws, zone, sets);
  }
  return (await look(env, records)).live;
}

export const certificateIssued = resourceWhen<
  Issue,
  {
    appCertificate: typeof appCertificate;
    validationRecords: typeof validationRecords;
  }
>(({ answers }) => answers.certificate !== 'none', {
  name: 'Issue of the certificate',
  section,
  why: 'AWS issues it once it finds the records in DNS.',
  docs,
  namedByAnswer: true,
  usually: { least: 60, most: 600 },
  waits: true,
  needs: { appCertificate, validationRecords },
  async read({ aws, answers, tags }: Answered) {
    const { host, certificate: answer } = answers;
    const [zones, certificate] = await Promise.all([
      zonesFor(aws, host),
      answer === 'request' ? taggedCertificate(aws, host, tags) : describe(aws, answer),
    ]);
    if (certificate?.status === 'ISSUED') return ISSUED;
    // Where others must make the records first, there is nothing to wait for.
    const isOursToProve = answer === 'request' && host.every((name) => zones[name]);
    return isOursToProve ? undefined : NOT_YET;
  },
  wanted: () => ({}),
  async create(env, { appCertificate, validationRecords }) {
    const { arn, records } = appCertificate!;
    const isProven =
      records.length > 0 &&
      records.every((record) => validationRecords?.records.has(textOf(record)));
    if (!isProven || !env.wait) return issueOf(env, arn);
    const issue = waitUntil<Issue>({
      signal: env.signal,
      upTo: 900,
      async look() {
        env.waiting('AWS looks for its records in DNS, usually 1–10 min');
        const issue = await issueOf(env, arn);
        return issue === NOT_YET ? undefined : issue;
      },
      givingUp: () => new StepFailed(NOT_IN_TIME),
    });
    // HTTP goes on without it.
    return issue.catch((error) => {
      if (error instanceof StepFailed) return { ...NOT_YET, trouble: NOT_IN_TIME };
      throw error;
    });
  },
  set: {},
  imagine: () => ({ issued: true }),
  attention: (_env, { trouble }) => (trouble ? [trouble] : []),
  remarks: (_env, { issued, trouble }) =>
    issued || trouble
      ? []
      : ['not yet, so HTTPS is left for later; once its records are in DNS, run add-app again'],
});

const NOT_IN_TIME =
  'AWS has not issued the certificate within 15 minutes, although its records are in Route 53: see whether the domain’s registrar names the name servers of that hosted zone, then run again.';

const ISSUED: Issue = { id: 'issued', issued: true };
const NOT_YET: Issue = { id: 'not yet issued', issued: false };

async function issueOf({ aws }: Env, arn: string): Promise<Issue> {
  const { status, failure } = await describe(aws, arn);
  if (status === 'ISSUED') return ISSUED;
  if (status === 'PENDING_VALIDATION') return NOT_YET;
  const advice =
    failure === 'CAA_ERROR'
      ? 'a CAA record of the domain keeps Amazon from issuing certificates: allow amazon.com, then run again'
      : 'run again to request another';
  const why = failure ? ` (${failure})` : '';
  return { ...NOT_YET, trouble: `The certificate ${arn} is ${status}${why}: ${advice}.` };
}
