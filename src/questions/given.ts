import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { ClusterAnswers } from '../tasks/cluster/answers.ts';
import { namesOf } from '../tasks/names.ts';
import { allQuestions, regionOfCertificate } from './cluster.ts';
import type { Answers } from './question.ts';

/** One answer as it was written, and where: "answers.yaml:3:1: ", or nothing for one from the command line. */
interface Entry {
  key: string;
  input: unknown;
  where: string;
}

/**
 * The answers given beforehand, from a YAML or JSON file and from `--set key=value`, which wins.
 * All are checked as far as that goes without AWS.
 * @throws UserError saying what is wrong, and where in the file.
 */
export async function givenAnswers(
  file: string | undefined,
  settings: string[],
  region?: string,
): Promise<Answers> {
  const entries = [...(file ? await readAnswers(file) : []), ...settings.map(splitSetting)];
  const answers: Record<string, unknown> = {};
  for (const { key, input, where } of entries) {
    try {
      const question = allQuestions.find((q) => q.key === key);
      if (!question) throw unknownKey(key);
      answers[key] = question.parse(input);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(where + error.message, error.fix);
    }
  }
  checkTogether(answers, region);
  return answers;
}

async function readAnswers(file: string): Promise<Entry[]> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = {
      ENOENT: 'there is no such file',
      ENOTDIR: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'you may not read it',
    };
    throw new UserError(
      `Cannot read ${file}: ${why[error.code as keyof typeof why] ?? error.message}.`,
    );
  });
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  const at = (offset = 0) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}: `;
  };
  const [error] = [...document.errors, ...document.warnings];
  // What a program would do about it follows a semicolon.
  if (error) throw new UserError(`${at(error.pos[0])}${error.message.split(';')[0]}.`);
  if (document.contents === null) return [];
  if (!isMap(document.contents)) {
    throw new UserError(`${file} must hold keys and values, like vpc-cidr: 10.20.0.0/16.`);
  }
  return document.contents.items.map(({ key, value }) => {
    const where = at(isNode(key) ? key.range?.[0] : 0);
    const name = isScalar(key) ? String(key.value) : String(key);
    try {
      return { key: name, input: isNode(value) ? value.toJS(document) : value, where };
    } catch (unresolved) {
      throw new UserError(`${where}${(unresolved as Error).message}.`);
    }
  });
}

function splitSetting(setting: string): Entry {
  const at = setting.indexOf('=');
  if (at > 0) return { key: setting.slice(0, at), input: setting.slice(at + 1), where: '' };
  throw new UserError(
    `--set ${setting} has no ${at === 0 ? 'key' : 'value'}.`,
    'Write it like --set vpc-cidr=10.20.0.0/16.',
  );
}

function unknownKey(key: string): UserError {
  const keys = allQuestions.map((question) => question.key);
  const near = nearest(key, keys);
  return new UserError(
    `There is no answer called ${key}.`,
    near ? `Did you mean ${near}?` : `There are ${keys.join(', ')}.`,
  );
}

/**
 * Checks answers that only make sense together, as far as they are known.
 * @throws UserError naming the two that do not fit.
 */
export function checkTogether(answers: Partial<ClusterAnswers>, region?: string): void {
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
  const { 'bucket-prefix': bucket = 'cob', 'cluster-prefix': cluster = 'digitalApps' } = answers;
  const name = namesOf({ account: '', bucket, cluster }).bucket;
  if (name.length <= 63) return;
  throw new UserError(
    `bucket: ${name} has ${name.length} characters; S3 takes 63 at most.`,
    'Take a shorter bucket-prefix or cluster-prefix, or name the bucket: --set bucket=NAME.',
  );
}
