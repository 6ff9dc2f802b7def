import type { Where } from '../commands/conversation.ts';
import { ACCENT, type Page } from './style.ts';

/** Shows which account, Region and endpoint are meant. */
export function showWhere(page: Page, where: Where): void {
  const { command, account, caller, region, endpoint, sandbox } = where;
  const title = page.style('bold', `digital-apps ${command}`);
  page.line(sandbox ? `${title}  ${page.style([ACCENT, 'bold'], 'SANDBOX')}` : title);
  const facts = [
    ['Account', `${account}, as ${nameOf(caller)}`],
    ['Region', region],
    ...(endpoint ? [['Endpoint', `${endpoint} (not AWS)`]] : []),
  ] as const;
  for (const [fact, value] of facts) {
    page.wrapped(`${page.style('dim', fact!.padEnd(8))}  ${value}`, { hanging: 10 });
  }
}

/** Where it is that something is about to be done. */
export function placeOf({ sandbox, account, region }: Where): string {
  return sandbox ? 'the SANDBOX' : `account ${account}, ${region}`;
}

/** What follows the account in an ARN: user/jane, assumed-role/Admin/jane. */
function nameOf(arn: string): string {
  return arn.split(':').slice(5).join(':');
}
