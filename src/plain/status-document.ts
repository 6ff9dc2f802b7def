import type { Where } from '../commands/conversation.ts';
import type { Status } from '../status/status.ts';

/** What the shape of the document is called; another shape would have another number. */
const SCHEMA = 1;

/** How a cluster stands, for programs. Memory is in MiB, times are ISO 8601. */
export function statusDocument(where: Where, status: Status): object {
  const { command, account, region, endpoint } = where;
  const { cluster, apps, unseen, calls, seconds, at } = status;
  return {
    schema: SCHEMA,
    command,
    account,
    region,
    endpoint,
    cluster,
    apps: apps.map(({ service, state, ...app }) => ({ service, state, ...app })),
    unseen,
    at,
    calls,
    seconds: Math.round(seconds * 1000) / 1000,
  };
}
