import { SANDBOX_CREDENTIALS } from '../aws/cli-lines.ts';
import { Aws } from '../aws/clients.ts';
import { resolveRegion } from '../aws/connect.ts';
import { type Identity, whoAmI } from '../aws/identity.ts';
import { Journal } from '../aws/journal.ts';
import { preflight } from '../aws/preflight.ts';
import { logFile } from '../paths.ts';
import type { Conversation, Where } from './conversation.ts';
import type { Stop } from './stop.ts';

/** Where a command works, as its flags say. */
export interface Target {
  region?: string;
  profile?: string;
  sandbox?: boolean;
}

/** An opened door to AWS: who one is there, and the journal of all that is asked. */
export interface Session {
  aws: Aws;
  identity: Identity;
  region: string;
  journal: Journal;
  where: Where;
}

const SANDBOX_REGION = 'us-east-2';

/** The Region a command will work in. Asks AWS nothing. */
export function regionOf({ region, profile, sandbox }: Target): Promise<string> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const fallback = sandbox ? AWS_REGION || AWS_DEFAULT_REGION || SANDBOX_REGION : undefined;
  return resolveRegion(region || fallback, profile);
}

/**
 * Finds out who and where we are and shows it, before anything else is done; a person may choose another place.
 * @param give checks the answers given beforehand, for a Region.
 * @throws UserError without usable credentials, or where the sandbox cannot start.
 */
export async function openSession(
  { command, permissions }: { command: string; permissions: string[] },
  target: Target,
  give: (region: string) => Promise<Record<string, unknown>>,
  conversation: Conversation,
  stop: Stop,
): Promise<{ session: Session; given: Record<string, unknown> }> {
  const region = await regionOf(target);
  const given = await give(region);
  const session = await connect(command, region, target, conversation, stop);
  const elsewhere = await conversation.settle?.(session.where, preflight(session, permissions));
  if (!elsewhere) return { session, given };
  return openSession(
    { command, permissions },
    { ...target, ...elsewhere },
    give,
    conversation,
    stop,
  );
}

/**
 * Finds out who we are in that Region, and shows it.
 * @throws UserError without usable credentials, or where the sandbox cannot start.
 */
export async function connect(
  command: string,
  region: string,
  { profile, sandbox = false }: Target,
  conversation: Pick<Conversation, 'where' | 'busy'>,
  { signal }: Pick<Stop, 'signal'>,
): Promise<Session> {
  const journal = new Journal(logFile(command));
  const endpoint = sandbox
    ? await sandboxEndpoint(conversation, signal)
    : process.env.AWS_ENDPOINT_URL;
  const aws = new Aws({
    region,
    profile: sandbox ? undefined : profile,
    endpoint,
    isSandbox: sandbox,
    credentials: sandbox ? SANDBOX_CREDENTIALS : undefined,
    journal,
    signal,
  });
  const identity = await whoAmI(aws);
  const { account, caller } = identity;
  const where = { command, account, caller, region, profile, endpoint, sandbox };
  conversation.where(where);
  return { aws, identity, region, journal, where };
}

async function sandboxEndpoint(
  conversation: Pick<Conversation, 'busy'>,
  signal: AbortSignal,
): Promise<string> {
  const { startSandbox } = await import('../sandbox/sandbox.ts');
  const { endpoint } = await startSandbox({
    signal,
    onProgress: (sentence) => conversation.busy(sentence),
  });
  return endpoint;
}
