import { stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { GROUPS } from '../../checks/check.ts';
import type { Diagnosis } from '../../checks/diagnosis.ts';
import type { Finding } from '../../checks/examine.ts';
import { UserError } from '../../errors.ts';
import { withoutSecrets } from '../../mask.ts';
import { masked } from './mask.ts';
import { evidenceOf, fixesOf, followWords, headline, MARKS, titleOf } from './words.ts';

/** What was looked at. */
export interface Subject {
  cluster: string;
  apps: string[];
  region: string;
}

/**
 * Whether a report could be written there; asked before one has waited for it.
 * @throws UserError where the file is there already, or its folder is not.
 */
export async function checkReportFile(file: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) throw isThere(file);
  const folder = await stat(dirname(resolve(file))).catch(() => undefined);
  if (folder?.isDirectory()) return;
  throw new UserError(`--report: there is no folder ${dirname(resolve(file))}.`, 'Make it first.');
}

/**
 * Writes the report, in Markdown, safe to paste.
 * @throws UserError where the file is there already or cannot be written.
 */
export async function writeReport(
  file: string,
  subject: Subject,
  diagnosis: Diagnosis,
): Promise<void> {
  try {
    await writeFile(file, reportText(subject, diagnosis), { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw isThere(file);
    throw new UserError(`The report could not be written: ${message}.`, 'Name another file.');
  }
}

function isThere(file: string): UserError {
  return new UserError(
    `--report: ${file} is there already, and stays as it is.`,
    'Name another file, or move that one away.',
  );
}

/** A name for a report that nobody named. */
export function reportName({ at }: Diagnosis): string {
  return `doctor-${at.toISOString().slice(0, 19).replaceAll(':', '-')}.md`;
}

/** Without secrets, account ids, IP addresses, access key ids and e-mail addresses. */
export function reportText({ cluster, apps, region }: Subject, diagnosis: Diagnosis): string {
  const { causes, warnings, findings, at } = diagnosis;
  const of = apps.length > 0 ? `, ${apps.length === 1 ? 'app' : 'apps'} ${apps.join(', ')}` : '';
  const lines = [
    `# digital-apps doctor: ${headline(diagnosis)}`,
    '',
    `Cluster ${cluster} in ${region}${of}. Looked at ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, by digital-apps ${packageJson.version}.`,
    ...causes.flatMap((cause) => [
      ...section('Root cause', cause.finding),
      ...(cause.follows.length > 0 ? ['', `${followWords(cause)}:`, ''] : []),
      ...cause.follows.flatMap((finding) => [
        `- ${titleOf(finding)} (\`${finding.check.id}\`)`,
        ...evidenceOf(finding).map((evidence) => `  - ${evidence}`),
      ]),
    ]),
    ...warnings.flatMap((finding) => section('Warning', finding)),
    '',
    '## All checks',
    ...GROUPS.flatMap((group) => groupLines(group, findings)),
  ];
  return `${masked(withoutSecrets(lines.join('\n')))}\n`;
}

function section(kind: string, finding: Finding): string[] {
  return [
    '',
    `## ${kind}: ${titleOf(finding)} (\`${finding.check.id}\`)`,
    '',
    ...evidenceOf(finding).map((evidence) => `- ${evidence}`),
    '',
    ...fixesOf(finding).map((fix) => `Fix: ${fix}`),
  ];
}

function groupLines(group: string, findings: Finding[]): string[] {
  const own = findings.filter(({ check }) => check.group === group);
  if (own.length === 0) return [];
  const lines = own.map((finding) => {
    const why = finding.status === 'skip' ? `: ${evidenceOf(finding).join(' ')}` : '';
    return `- ${MARKS[finding.status]} ${titleOf(finding)} (\`${finding.check.id}\`)${why}`;
  });
  return ['', `### ${group}`, '', ...lines];
}
