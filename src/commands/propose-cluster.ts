import { UserError } from '../errors.ts';
import { clusterQuestions, laterQuestions } from '../questions/cluster/index.ts';
import { nameQuestions } from '../questions/cluster/names.ts';
import { hasOwnPair } from '../questions/cluster/own.ts';
import { BACK, verify } from '../questions/gather.ts';
import type { ClusterAnswers } from '../tasks/cluster/answers.ts';
import { autoscalingGroup, type Resized, resized } from '../tasks/cluster/autoscaling-group.ts';
import { clusterResources } from '../tasks/cluster/index.ts';
import { architectureOf, recommendedImages } from '../tasks/cluster/lib/lookups.ts';
import { namesOf } from '../tasks/cluster/names.ts';
import type { Answered, Env, Place } from '../tasks/cluster/scope.ts';
import { vpc as vpcResource } from '../tasks/cluster/vpc.ts';
import { makePlan } from '../tasks/plan.ts';
import { Standing } from '../tasks/standing.ts';
import { ourTags } from '../tasks/tags.ts';
import type { Conversation, Proposal } from './conversation.ts';
import type { Session } from './session.ts';
import { answeredOf } from './setup.ts';
import { gatherMore, type SoFar } from './so-far.ts';

export interface ClusterOptions {
  adopt: boolean;
  /** Whether to wait for instances and load balancer at the end. */
  wait: boolean;
  replaceInstances: boolean;
}

/**
 * Asks what is to be asked, looks at what stands, and compares. Changes nothing.
 * @throws UserError where an answer is not possible or what stands is in the way.
 */
export async function proposeCluster(
  options: ClusterOptions,
  soFar: SoFar,
  session: Session,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<Proposal> {
  const { aws } = session;
  const { ask } = conversation;
  for (let isBack = false; ; isBack = true) {
    const place = await askNames(soFar, session, conversation, isBack);
    conversation.busy('Looking at what stands…');
    const standing = new Standing();
    // Which images AWS recommends takes as long to find out as what stands: both at once.
    const [images] = await Promise.all([
      recommendedImages(aws),
      standing.readByName(clusterResources, place),
    ]);
    const asking = { place, standing, answers: soFar.given };
    const asked = { set: clusterQuestions, questions: laterQuestions, asking, ask };
    const gathered = await gatherMore(soFar, asked);
    if (gathered === BACK) continue;
    const answers = complete({ ...soFar.said, ...gathered });
    const answered: Answered = {
      ...place,
      names: { ...place.names, bucket: answers.bucket },
      answers,
      replaceInstances: options.replaceInstances,
      verify: options.wait,
    };
    conversation.busy('Comparing it with what is wanted…');
    const [architecture] = await Promise.all([
      architectureOf(aws, answers['instance-type']),
      standing.readByAnswer(clusterResources, answered),
      verify(laterQuestions, { ...asking, answers }),
    ]);
    const image = answers.ami === 'recommended' ? (images[architecture]?.id ?? '') : answers.ami;
    const env: Env = { ...answered, image, signal, waiting: () => {} };
    const plan = makePlan(clusterResources, env, standing, { adopt: options.adopt });
    const group = standing.get(autoscalingGroup);
    const stands = group && resized(group, answers);
    const isDesiredSaid = 'desired' in soFar.given;
    return {
      plan,
      inShort: inShort(answers, {
        group: stands,
        network: standing.get(vpcResource) !== undefined,
        keyPair: hasOwnPair({ place, standing }),
      }),
      answered: answeredOf(clusterQuestions, asking, answers),
      name: place.names.cluster,
      unasked: isDesiredSaid ? undefined : endingUnsaid(stands),
    };
  }
}

/** What stands is found by names, so these come first. */
async function askNames(
  soFar: SoFar,
  { aws, identity, region }: Session,
  { ask }: Conversation,
  isBack: boolean,
): Promise<Place> {
  const base = { ...identity, aws, region };
  const nowhere = {
    ...base,
    names: namesOf({ account: '', cluster: '', bucket: '' }),
    tags: {},
    rename: RENAME,
  };
  const asking = { place: nowhere, standing: new Standing(), answers: soFar.given };
  for (let fromEnd = isBack; ; fromEnd = false) {
    const asked = { set: clusterQuestions, questions: nameQuestions, asking, ask, fromEnd };
    const named = await gatherMore(soFar, asked);
    if (named === BACK) continue;
    const names = namesOf({
      account: String(named['account-prefix']),
      cluster: String(named['cluster-prefix']),
      bucket: String(named['bucket-prefix']),
    });
    return { ...base, names, tags: ourTags(names.cluster, region), rename: RENAME };
  }
}

const RENAME = '--set cluster-prefix=NAME';

/** Where a question did not apply, nothing reads its answer; the type wants one all the same. */
export function complete(answers: Record<string, unknown>): ClusterAnswers {
  return {
    zones: [],
    subnets: [],
    'vpc-cidr': '',
    'ssh-add': false,
    ...answers,
  } as unknown as ClusterAnswers;
}

/** Instances end with what runs on them: that is to be meant, and not to follow from another number. */
function endingUnsaid(stands: Resized | undefined): UserError | undefined {
  if (!stands?.ending) return undefined;
  return new UserError(
    `${stands.ending}: nothing was changed.`,
    `If that is meant, say so: --set desired=${stands.desired}; else leave max at what runs or more.`,
  );
}

/** What will be built, in a few lines: the answers that decide size, place and access. */
export function inShort(
  answers: ClusterAnswers,
  stands: { group?: Resized; network: boolean; keyPair: boolean },
): string[] {
  const { min, max, vpc, certificate } = answers;
  const { desired = answers.desired, ending } = stands.group ?? {};
  const made = stands.network ? 'its own' : 'new';
  const pair = answers['key-pair'];
  const where =
    vpc === 'new' ? `${made}, ${answers['vpc-cidr']} in ${answers.zones.join(', ')}` : vpc;
  const subnets = answers.subnets.length > 0 ? ` (${answers.subnets.join(', ')})` : '';
  return [
    `Instances  ${desired} (${min} to ${max}) of ${answers['instance-type']}, ${answers['disk-size']} GiB each, image ${answers.ami}`,
    ...(ending ? [`Careful    ${ending}`] : []),
    `Network    ${where}${subnets}`,
    `SSH        from ${answers['ssh-cidrs'].join(', ') || 'nowhere'}; key pair: ${pair === 'new' && stands.keyPair ? 'its own' : pair}`,
    `HTTPS      ${certificate === 'none' ? 'off, no certificate is chosen' : `with ${certificate}`}`,
    `Bucket     ${answers.bucket}`,
    `Insights   ${answers['container-insights'] ? 'on, charged per metric' : 'off'}`,
  ];
}
