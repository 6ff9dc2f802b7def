import type { Where } from '../commands/conversation.ts';
import type { Page } from './style.ts';

/** Shows which account, Region and endpoint are meant. */
export function showWhere(page: Page, where: Where): void {
  const { command, account, caller, region, endpoint, sandbox } = where;
  const parts = [
    page.style('bold', `digital-apps ${command}`),
    ...(sandbox ? [page.style(['magenta', 'bold'], 'SANDBOX')] : []),
    page.style('bold', region),
    `account ${account}`,
  ];
  page.line(parts.join('   '));
  page.line(page.style('dim', `as ${caller}`));
  if (endpoint) page.line(page.style('dim', `at ${endpoint}, not AWS`));
  page.line();
}
