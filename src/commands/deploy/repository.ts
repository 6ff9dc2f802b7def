import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkEcsParams, ECS_PARAMS_FILES } from '../../deploy/compose/ecs-params.ts';
import { COMPOSE_FILE } from '../../deploy/definition.ts';
import { UserError } from '../../errors.ts';
import { repositoryOf } from '../../git.ts';

export interface Repository {
  dir: string;
  /** The text of its compose file. */
  compose: string;
}

/**
 * The app's repository: what is named, else the folder one is in, or the top of its repository.
 * @throws UserError where there is no compose file, or ecs-cli was told what `deploy` would not read.
 */
export async function readRepository(named: string | undefined): Promise<Repository> {
  const here = resolve(named ?? '.');
  const found = await composeIn(here, named !== undefined);
  for (const file of ECS_PARAMS_FILES) {
    const text = await readIfThere(join(found.dir, file));
    if (text !== undefined) checkEcsParams(text, file);
  }
  return found;
}

async function composeIn(here: string, isNamed: boolean): Promise<Repository> {
  const top = () => repositoryOf(here).then(({ root }) => root);
  for (const folder of [async () => here, ...(isNamed ? [] : [top])]) {
    const dir = await folder().catch(() => undefined);
    const compose = dir && (await readIfThere(join(dir, COMPOSE_FILE)));
    if (dir && compose !== undefined) return { dir, compose };
  }
  throw new UserError(
    `There is no ${COMPOSE_FILE} in ${here}.`,
    'Go to the app’s repository, or name it: --dir PATH. digital-apps add-app puts the file there.',
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
