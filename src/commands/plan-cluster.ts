import { clusterQuestions } from '../questions/cluster.ts';
import { BACK, complete, type Gathering, gather, verify } from '../questions/gather.ts';
import { nameQuestions } from '../questions/names.ts';
import type { Answers } from '../questions/question.ts';
import { clusterResources } from '../tasks/cluster/index.ts';
import { architectureOf, recommendedImages } from '../tasks/cluster/lib/lookups.ts';
import type { Answered, Env, Place } from '../tasks/env.ts';
import { namesOf } from '../tasks/names.ts';
import { makePlan, type Plan } from '../tasks/plan.ts';
import { Standing } from '../tasks/standing.ts';
import { ourTags } from '../tasks/tags.ts';
import type { Conversation } from './conversation.ts';
import type { Session } from './session.ts';

export interface PlanOptions {
  adopt: boolean;
  /** Whether to wait for instances and load balancer at the end. */
  wait: boolean;
  replaceInstances: boolean;
}

/** What is known of a person's answers when a plan is to be made. */
export interface SoFar {
  /** Given on the command line or in a file; never asked for. */
  given: Answers;
  /** Said in the conversation; added to with every answer. */
  said: Answers;
  only?: Gathering['only'];
}

/**
 * Asks what is to be asked, looks at what stands, and compares. Changes nothing.
 * @throws UserError where an answer is not possible or what stands is in the way.
 */
export async function planCluster(
  options: PlanOptions,
  soFar: SoFar,
  session: Session,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<Plan> {
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
    const gathered = await gather({ ...soFar, questions: clusterQuestions, asking, ask });
    if (gathered === BACK) {
      // Back from a single answer leads to the plan as it was, else to the names.
      if (soFar.only) soFar.only = {};
      continue;
    }
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
      verify(clusterQuestions, { ...asking, answers }),
    ]);
    const image = answers.ami === 'recommended' ? images[architecture] : answers.ami;
    const env: Env = { ...answered, image, signal, waiting: () => {} };
    return makePlan(clusterResources, env, standing, { adopt: options.adopt });
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
  const nowhere = { ...base, names: namesOf({ account: '', cluster: '', bucket: '' }), tags: {} };
  const asking = { place: nowhere, standing: new Standing(), answers: soFar.given };
  for (let fromEnd = isBack; ; fromEnd = false) {
    const named = await gather({ ...soFar, questions: nameQuestions, asking, ask, fromEnd });
    if (named === BACK) {
      if (soFar.only) soFar.only = {};
      continue;
    }
    const names = namesOf({
      account: named['account-prefix']!,
      cluster: named['cluster-prefix']!,
      bucket: named['bucket-prefix']!,
    });
    return { ...base, names, tags: ourTags(names.cluster, region) };
  }
}
