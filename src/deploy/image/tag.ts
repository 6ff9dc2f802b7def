import { commitOf, NoRepository } from '../../git.ts';

/** Docker takes no longer ones. */
const LONGEST = 128;

/**
 * BUILD-COMMIT, a tag that no other build has, because ECS deploys only what has a new name. Both
 * from CI where it says them, else the time (UTC) and what git has checked out; "-dirty" then says
 * that the folder holds more than that commit. Outside of git it is the time alone.
 * @throws UserError where git will not look.
 */
export async function newTag(dir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const commit = plain(env.TRAVIS_COMMIT || env.GITHUB_SHA);
  return [buildOf(env), ...(commit ? [short(commit)] : await checkedOut(dir))].join('-');
}

function buildOf(env: NodeJS.ProcessEnv): string {
  const { TRAVIS_BUILD_NUMBER, GITHUB_RUN_NUMBER, GITHUB_RUN_ATTEMPT } = env;
  // GitHub starts a run again under the same number.
  const again = Number(GITHUB_RUN_ATTEMPT) > 1 ? `.${GITHUB_RUN_ATTEMPT}` : '';
  const number = TRAVIS_BUILD_NUMBER || (GITHUB_RUN_NUMBER && GITHUB_RUN_NUMBER + again);
  const time = () => new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  return plain(number).slice(0, LONGEST - '-1234567-dirty'.length) || time();
}

/** With nothing in it that Docker would not have in a tag. */
function plain(text = ''): string {
  return text.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
}

async function checkedOut(dir: string): Promise<string[]> {
  try {
    const { commit, isDirty } = (await commitOf(dir)) ?? {};
    return [...(commit ? [short(commit)] : []), ...(isDirty ? ['dirty'] : [])];
  } catch (error) {
    if (error instanceof NoRepository) return [];
    throw error;
  }
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
