import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';

/**
 * What is wrong with the profile that is named, where there is none of that name; the SDK says only
 * that it found no credentials.
 * @param flag the one of --profile, which wins over AWS_PROFILE.
 */
export async function unknownProfile(flag?: string): Promise<UserError | undefined> {
  const named = flag || process.env.AWS_PROFILE;
  if (!named) return undefined;
  const known = await profiles();
  if (known.includes(named)) return undefined;
  const near = nearest(named, known);
  const there = near ? `Did you mean ${near}?` : `There is ${known.join(', ')}.`;
  return new UserError(
    `There is no AWS profile ${named}.`,
    known.length > 0
      ? there
      : '`aws configure sso` or `aws login` makes one; --sandbox needs none.',
  );
}

/** The profiles of this machine, read where the AWS CLI reads them. */
async function profiles(): Promise<string[]> {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  const [config, credentials] = await Promise.all([
    sections(AWS_CONFIG_FILE || join(homedir(), '.aws', 'config')),
    sections(AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials')),
  ]);
  // A configuration has sections of other kinds, too: "sso-session city".
  const configured = config.flatMap((name) =>
    name === 'default' ? name : (/^profile\s+["']?(.+?)["']?$/.exec(name)?.[1] ?? []),
  );
  return [...new Set([...configured, ...credentials])].sort();
}

async function sections(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return [...text.matchAll(/^\s*\[([^\]]+)\]/gm)].map(([, name = '']) => name.trim());
}
