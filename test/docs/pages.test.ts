import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedPages } from '../../scripts/pages.ts';

test.each(Object.entries(generatedPages()))('%s is what `npm run docs` writes', (file, content) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(content);
});
