import { answersPage } from './answers-page.ts';
import { checksPage } from './checks-page.ts';
import { composePage } from './compose-page.ts';
import { permissionsPage } from './permissions-page.ts';

/** The pages that follow from the source, by file; a test compares them with those in docs/. */
export function generatedPages(): Record<string, string> {
  return {
    'docs/answers.md': answersPage(),
    'docs/checks.md': checksPage(),
    'docs/compose.md': composePage(),
    'docs/permissions.md': permissionsPage(new URL('../', import.meta.url)),
  };
}
