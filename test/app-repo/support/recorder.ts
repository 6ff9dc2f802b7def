import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find, temporaryFolder } from './app-repo.ts';

/** One start of a program, as it saw it. */
interface Call {
  program: string;
  args: string[];
  stdin: string;
  env: Record<string, string>;
}

export interface Recorder {
  /** To be put first on the PATH. */
  bin: string;
  calls(): Promise<Call[]>;
}

export interface Answer {
  stdout?: string;
  exitCode?: number;
  /** Only a call whose arguments start like this is answered so. */
  to?: string;
  /** JavaScript run before that, with `call` at hand. */
  does?: string;
  /** Goes on to the program of that name behind it on the PATH, with these arguments added. */
  passOn?: string[];
}

/** Stands in for programs: writes down how they were started, and answers as told, else with success. */
export async function record(programs: Record<string, Answer[]>): Promise<Recorder> {
  const folder = await temporaryFolder();
  const bin = join(folder, 'bin');
  const log = join(folder, 'calls');
  await mkdir(bin);
  await writeFile(log, '');
  for (const [program, answers] of Object.entries(programs)) {
    const file = join(bin, program);
    const real = answers.some((answer) => answer.passOn) ? find(program) : undefined;
    await writeFile(file, stub(program, answers, log, real));
    await chmod(file, 0o755);
  }
  return {
    bin,
    async calls() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line) as Call);
    },
  };
}

function stub(program: string, answers: Answer[], log: string, real?: string): string {
  return `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
const stdin = process.stdin.isTTY ? '' : fs.readFileSync(0, 'utf8');
const call = { program: '${program}', args, stdin, env: process.env };
fs.appendFileSync('${log}', JSON.stringify(call) + '\\n');
const answers = ${JSON.stringify(answers)};
const answer = answers.find(({ to = '' }) => args.join(' ').startsWith(to)) ?? {};
if (answer.does) new Function('call', 'fs', answer.does)(call, fs);
if (answer.passOn) {
  const given = [...args, ...answer.passOn];
  const options = { input: stdin, stdio: ['pipe', 'inherit', 'inherit'] };
  process.exit(require('node:child_process').spawnSync('${real}', given, options).status);
}
if (answer.stdout) fs.writeSync(1, answer.stdout);
process.exit(answer.exitCode ?? 0);
`;
}
