import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { AnyQuestion, QuestionSet } from './question.ts';

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
  { questions, checkTogether }: QuestionSet,
  file: string | undefined,
  settings: string[],
  region?: string,
): Promise<Record<string, unknown>> {
  const entries = [...(file ? await readAnswers(file) : []), ...settings.map(splitSetting)];
  const answers: Record<string, unknown> = {};
  for (const { key, input, where } of entries) {
    try {
      const question = questions.find((q) => q.key === key);
      if (!question) throw unknownKey(key, questions);
      if (question.kind === 'secret' && input !== 'none') throw notHere(key);
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

/** A command line is seen by others and kept in a history, and a file of answers is shared. */
function notHere(key: string): UserError {
  const variable = key.toUpperCase().replace('-', '_');
  return new UserError(
    `${key} is a secret and is not taken from here.`,
    `Set ${variable} in the environment.`,
  );
}

function unknownKey(key: string, questions: AnyQuestion[]): UserError {
  const keys = questions.map((question) => question.key);
  const near = nearest(key, keys);
  return new UserError(
    `There is no answer called ${key}.`,
    near ? `Did you mean ${near}?` : `There are ${keys.join(', ')}.`,
  );
}
