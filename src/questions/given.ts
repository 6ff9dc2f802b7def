import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { ClusterAnswers } from '../tasks/cluster/answers.ts';
import { allQuestions, regionOfCertificate } from './cluster.ts';
import type { Answers } from './question.ts';

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
  const entries = [
    ...(file ? Object.entries(await readAnswers(file)) : []),
    ...settings.map(splitSetting),
  ];
  const answers: Record<string, unknown> = {};
  for (const [key, input] of entries) {
    const question = allQuestions.find((q) => q.key === key);
    if (!question) throw unknownKey(key);
    answers[key] = question.parse(input);
  }
  checkTogether(answers, region);
  return answers;
}

async function readAnswers(file: string): Promise<Record<string, unknown>> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'you may not read it',
    };
    throw new UserError(
      `Cannot read ${file}: ${why[error.code as keyof typeof why] ?? error.message}.`,
    );
  });
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UserError(`${file}:${line}:${col}: ${error.message.split(' at line')[0]}.`);
  }
  const answers = document.toJS() ?? {};
  if (typeof answers === 'object' && !Array.isArray(answers)) return answers;
  throw new UserError(`${file} must hold keys and values, like vpc-cidr: 10.20.0.0/16.`);
}

function splitSetting(setting: string): [string, string] {
  const at = setting.indexOf('=');
  if (at > 0) return [setting.slice(0, at), setting.slice(at + 1)];
  throw new UserError(
    `--set ${setting} has no value.`,
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
  const { min, desired, max, vpc, zones, certificate } = answers;
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
  if (vpc === 'new' && answers.subnets?.length) {
    throw new UserError(
      'subnets are of an existing network: give vpc=vpc-… with them, or zones for a new one.',
    );
  }
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
