import { homedir } from 'node:os';
import { UserError } from '../errors.ts';
import { branchesOf, isIgnored, slugOf } from '../git.ts';
import { keptKeyFile } from '../kept-secrets.ts';
import { appQuestions } from '../questions/app/index.ts';
import { type Beginning, nameQuestions } from '../questions/app/names.ts';
import { BACK, mendedBy, verify } from '../questions/gather.ts';
import type { AppAnswers } from '../tasks/app/answers.ts';
import { findCluster, ourClusters } from '../tasks/app/cluster.ts';
import { changedFiles } from '../tasks/app/files.ts';
import { appNamesOf } from '../tasks/app/names.ts';
import type { Place } from '../tasks/app/scope.ts';
import { namesOf, USUAL_PREFIXES } from '../tasks/cluster/names.ts';
import { Standing } from '../tasks/standing.ts';
import { appTags, ourTags } from '../tasks/tags.ts';
import { type FoundToken, findToken } from '../travis/token.ts';
import type { Conversation, Where } from './conversation.ts';
import type { Session } from './session.ts';
import { gatherMore, type SoFar } from './so-far.ts';

/**
 * Which app it is decides where everything of it is looked for, so this comes first.
 * @throws UserError where there is no cluster for it, or no telling which app it is.
 */
export async function askWhichApp(
  dir: string | undefined,
  soFar: SoFar,
  session: Session,
  conversation: Conversation,
  isBack: boolean,
): Promise<{ place: Place; token?: FoundToken }> {
  const { aws, identity, region, where } = session;
  const { ask } = conversation;
  const isAskedNot = soFar.given['travis-token'] === 'none';
  const [slug, clusters, token] = await Promise.all([
    !dir || 'repo' in { ...soFar.said, ...soFar.given } ? undefined : slugIn(dir, conversation),
    ourClusters(aws),
    isAskedNot ? undefined : tokenFor(where),
  ]);
  if (clusters.length === 0) throw noCluster(session);
  const base = { ...identity, aws, region, rename: '--set service=NAME' };
  const beginning: Beginning = { ...base, tags: {}, slug, clusters };
  const asking = { place: beginning, standing: new Standing(), answers: soFar.given };
  for (let fromEnd = isBack; ; fromEnd = false) {
    const asked = { set: appQuestions, questions: nameQuestions, asking, ask, fromEnd };
    const named = await gatherMore(soFar, asked);
    if (named === BACK) continue;
    // Of one there is nothing to choose.
    const known = { cluster: clusters[0], ...named };
    await verify(nameQuestions, { ...asking, answers: known });
    const { repo, cluster: name, service } = known as unknown as AppAnswers;
    const clusterNames = namesOf({ ...USUAL_PREFIXES, cluster: name });
    const tags = ourTags(name, region);
    const cluster = await mendedBy('cluster', () =>
      findCluster({ ...base, names: clusterNames, tags }),
    );
    const { bucket, travisUser } = cluster;
    const appNames = appNamesOf({
      service,
      namespace: clusterNames.repositoryNamespace,
      travisUser,
    });
    return {
      token,
      place: {
        ...base,
        ...{ cluster, clusters, slug: repo, tags: appTags(tags, service) },
        names: { ...clusterNames, bucket, travisUser, ...appNames },
        ...(await inRepository(dir, appNames.repository, session)),
        asksForToken: hasTravis(where) && !token,
      },
    };
  }
}

type InRepository = Pick<Place, 'dir' | 'keyFile' | 'isEnvIgnored' | 'branches' | 'changedFiles'>;

/** What the app's repository tells; where it is not on this machine, nothing of it is looked at. */
async function inRepository(
  dir: string | undefined,
  repository: string,
  { identity: { account }, where }: Session,
): Promise<InRepository> {
  if (!dir) return { dir: '', keyFile: '', isEnvIgnored: true, branches: [], changedFiles: [] };
  const sandbox = Boolean(where.endpoint);
  return {
    dir,
    keyFile: keptKeyFile({ account, repository, dir, sandbox }),
    // Outside of git there is nothing to keep it out of.
    isEnvIgnored: await isIgnored(dir, '.env').catch(() => true),
    branches: await branchesOf(dir).catch(() => []),
    changedFiles: await changedFiles(dir),
  };
}

/**
 * The token for Travis CI, where there is one.
 * @throws UserError where it cannot be one.
 */
export async function tokenFor(where: Where): Promise<FoundToken | undefined> {
  return hasTravis(where) ? findToken(process.env, homedir()) : undefined;
}

/** Without a server of one's own for it, the sandbox never talks to the real Travis CI. */
function hasTravis({ endpoint }: Where): boolean {
  return !endpoint || Boolean(process.env.TRAVIS_ENDPOINT);
}

/** Where somebody can be asked, it need not be known beforehand. */
async function slugIn(dir: string, { ask, remark }: Conversation): Promise<string | undefined> {
  try {
    const { owner, name } = await slugOf(dir);
    return `${owner}/${name}`;
  } catch (error) {
    if (!ask || !(error instanceof UserError)) throw error;
    remark(error.message);
  }
}

export function noCluster({ region, where }: Pick<Session, 'region' | 'where'>): UserError {
  return new UserError(
    `There is no cluster made by digital-apps in ${where.sandbox ? 'the sandbox' : region}.`,
    `Make one first: npx digital-apps init-cluster${where.sandbox ? ' --sandbox' : ''}; or name the Region that has it: --region.`,
  );
}
