import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { NoRepository, repositoryOf } from '../git.ts';
import { readKept, removeKept } from '../kept-secrets.ts';
import { appQuestions } from '../questions/app/index.ts';
import type { Env } from '../tasks/app/scope.ts';
import { secretKey } from '../tasks/app/variables.ts';
import { livesOf } from '../tasks/plan.ts';
import { notesOf, outputsOf } from './add-app-notes.ts';
import type { Conversation } from './conversation.ts';
import { proposeApp } from './propose-app.ts';
import { runSetup, type SetupOptions } from './setup.ts';
import type { Stop } from './stop.ts';

export interface AddAppOptions extends SetupOptions {
  repo?: string;
  dir?: string;
  host?: string[];
  envFile?: string;
  deployWith?: string;
  cdn: boolean;
  adopt: boolean;
  wait: boolean;
  /** Whether the secret access key is printed where Travis CI is not told of it. */
  showSecrets: boolean;
}

/**
 * The guide's Per-Service Setup: answers, plan, review, run, report.
 * @returns the exit code: 0 all as wanted, 1 something failed or needs a person, 130 interrupted.
 * @throws UserError before anything was touched.
 */
export async function addApp(
  options: AddAppOptions,
  conversation: Conversation,
  stop: Stop,
): Promise<number> {
  const dir = await folderOf(options);
  return runSetup(
    {
      command: 'add-app',
      permissions: PERMISSIONS,
      questions: appQuestions,
      subject: dir,
      // What is read from what stands of an app is asked anew for another.
      following: (key) =>
        /^(repo|cluster|service)$/.test(key)
          ? appQuestions.questions.map((question) => question.key).filter((other) => other !== key)
          : [],
      propose: (...known) => proposeApp({ ...options, dir }, ...known),
      outputs: (plan, results) => outputsOf(plan, results, options),
      notes: notesOf,
      async finish({ env }, results) {
        const { keyFile } = env as Env;
        const kept = await readKept(keyFile).catch(() => undefined);
        const told = livesOf(results).get(secretKey) as { goesWith?: string } | undefined;
        if (kept && kept.id === told?.goesWith) await removeKept(keyFile);
      },
    },
    { ...options, set: [...flagsAsAnswers(options), ...options.set] },
    conversation,
    stop,
  );
}

/** The app's repository, from its top: the one that was named, else the one that git has here. */
async function folderOf({ dir, repo }: AddAppOptions): Promise<string> {
  const folder = resolve(dir ?? '.');
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new UserError(
      `--dir: ${folder} ${found ? 'is not a folder' : 'is not there'}.`,
      'Name the folder that holds the app’s repository.',
    );
  }
  const root = await topOf(folder, repo !== undefined);
  // A folder that was named may lie in a repository by mistake, as in that of somebody's home.
  if (dir === undefined || root === (await realpath(folder))) return root;
  throw new UserError(
    `--dir: ${folder} lies in the repository ${root}, and is none itself.`,
    `Say --dir ${root} if that is the app’s, or else run git init in ${folder}.`,
  );
}

/** @param isKnown whether it was said which repository it is, so that git need not know. */
async function topOf(folder: string, isKnown: boolean): Promise<string> {
  try {
    return (await repositoryOf(folder)).root;
  } catch (error) {
    if (isKnown && error instanceof NoRepository) return realpath(folder);
    throw error;
  }
}

function flagsAsAnswers({ repo, host, envFile, deployWith, cdn }: AddAppOptions): string[] {
  const flags = { repo, host: host?.join(','), 'env-file': envFile, 'deploy-with': deployWith };
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return [...given.map(([key, value]) => `${key}=${value}`), ...(cdn ? [] : ['cdn=no'])];
}

/** One of each kind. */
const PERMISSIONS = [
  'elasticloadbalancing:CreateTargetGroup',
  'elasticloadbalancing:CreateRule',
  'acm:RequestCertificate',
  'route53:ChangeResourceRecordSets',
  'cloudfront:CreateDistribution',
  'ecr:CreateRepository',
  'ecr:PutLifecyclePolicy',
  'iam:CreateAccessKey',
  'iam:TagUser',
  's3:PutObject',
  'cloudwatch:PutMetricAlarm',
];
