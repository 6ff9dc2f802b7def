/** Writes the pages of docs/ that follow from the source. */
import { writeFile } from 'node:fs/promises';
import { generatedPages } from './pages.ts';

for (const [file, content] of Object.entries(generatedPages())) {
  await writeFile(new URL(`../${file}`, import.meta.url), content);
}
