/** Writes docs/answers.md from the questions; with --check only says whether it is up to date. */
import { readFile, writeFile } from 'node:fs/promises';
import { answersPage } from './answers-page.ts';

const FILE = new URL('../docs/answers.md', import.meta.url);

const page = answersPage();
if (process.argv.includes('--check')) {
  if ((await readFile(FILE, 'utf8')) !== page) {
    console.error('docs/answers.md is older than the questions: npm run docs');
    process.exitCode = 1;
  }
} else {
  await writeFile(FILE, page);
}
