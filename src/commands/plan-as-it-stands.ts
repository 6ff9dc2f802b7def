import type { Judged } from '../checks/drift.ts';
import { Interrupted } from '../errors.ts';
import { clusterQuestions, laterQuestions } from '../questions/cluster/index.ts';
import { gather } from '../questions/gather.ts';
import type { AnyQuestion, QuestionSet } from '../questions/question.ts';
import { clusterResources } from '../tasks/cluster/index.ts';
import { launchTemplate } from '../tasks/cluster/launch-template.ts';
import type { Answered, Env, Place } from '../tasks/cluster/scope.ts';
import { makePlan, needsOf } from '../tasks/plan.ts';
import type { AnyResource, Live, Resource } from '../tasks/resource.ts';
import { applying, Standing } from '../tasks/standing.ts';
import { complete } from './propose-cluster.ts';

/** What a run waits for, AWS does by itself: it is no part of the cluster. */
const parts = clusterResources.filter(({ waits }) => !waits);

/** What is wanted follows from an answer that could not be read. */
class Guess extends Error {}

/** Notes whether what could not be looked for was asked after. */
class Noticing extends Standing {
  hasMissed = false;

  // biome-ignore lint/suspicious/noExplicitAny: of whatever scope.
  override get<L extends Live>(resource: Resource<L, any, any, any>): L | undefined {
    if (this.unread.has(resource)) this.hasMissed = true;
    return super.get(resource);
  }
}

/**
 * What `init-cluster` would do if every question were answered with what stands, the image included:
 * that AWS has a newer one is no change to the cluster. Changes nothing. What could not be looked
 * for is named, and neither it nor what follows from it is in the plan.
 * @throws UserError where what stands is somebody else's or cannot become what is wanted.
 */
export async function planAsItStands(place: Place, signal: AbortSignal): Promise<Judged> {
  const standing = new Noticing(true);
  await standing.readByName(parts, place);
  const image = standing.get(launchTemplate)?.data.image ?? 'AWS’s current one';
  const { said, guessed } = await answersFrom(standing, place);
  const answers = complete(said);
  const known = new Proxy(answers, {
    get(target, key, receiver) {
      if (guessed.has(String(key))) throw new Guess();
      return Reflect.get(target, key, receiver);
    },
  });
  const names = { ...place.names, bucket: answers.bucket };
  const answered: Answered = {
    ...{ ...place, names, answers: known, replaceInstances: false, verify: false },
  };
  if (guessed.has('bucket')) {
    Object.defineProperty(names, 'bucket', { get: () => known.bucket });
  }
  const certain = parts.filter(({ when }) => isCertain(() => when?.(answered)));
  await standing.readByAnswer(certain, answered);
  const unread = [...standing.unread].filter(([, error]) => !isGuess(error));
  const env: Env = { ...answered, image, signal, waiting: () => {} };
  const judged = judgeable(certain, env, standing);
  const plan = makePlan(judged, env, standing, { adopt: false });
  const doubtful = parts.filter((part) => !certain.includes(part));
  const unjudged = [...applying(certain, answered), ...doubtful].filter(
    (part) => !judged.includes(part) && !unread.some(([resource]) => resource === part),
  );
  return { ...plan, unread, unjudged };
}

/** The answers, and which of them only stand for what could not be read. */
async function answersFrom(standing: Noticing, place: Place) {
  const guessed = new Set<string>();
  const questions = laterQuestions.map((question: AnyQuestion) => ({
    ...question,
    async default(asking: Parameters<AnyQuestion['default']>[0]) {
      standing.hasMissed = false;
      try {
        return await question.default(asking);
      } catch (error) {
        if (error instanceof Interrupted || standing.unread.size === 0) throw error;
        standing.hasMissed = true;
        return undefined;
      } finally {
        if (standing.hasMissed) guessed.add(question.key);
      }
    },
  }));
  const set: QuestionSet = {
    ...clusterQuestions,
    checkTogether: (...answers) => {
      // Guesses need not go together.
      if (guessed.size === 0) clusterQuestions.checkTogether(...answers);
    },
  };
  const asking = { place, standing, answers: { 'ssh-add': false } };
  const said = await gather({ set, questions, asking, said: {} });
  return { said: said as Record<string, unknown>, guessed };
}

/** Those of which all was read that they follow from. */
function judgeable(certain: AnyResource[], env: Env, standing: Standing): AnyResource[] {
  const lives = new Map(certain.map((part) => [part, standing.get(part)]));
  const judged = new Map<AnyResource, boolean>();
  const isJudged = (part: AnyResource): boolean => {
    const before = judged.get(part);
    if (before !== undefined) return before;
    const needs: AnyResource[] = Object.values(part.needs);
    const is =
      !standing.unread.has(part) &&
      needs.every((need) => !parts.includes(need) || isJudged(need)) &&
      isCertain(() => part.wanted(env, needsOf(part, lives), lives.get(part)));
    judged.set(part, is);
    return is;
  };
  return certain.filter(isJudged);
}

function isCertain(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    // A need that is gone is the plan's matter.
    return !isGuess(error);
  }
}

function isGuess(error: unknown): boolean {
  return error instanceof Guess || (error instanceof Error && error.cause instanceof Guess);
}
