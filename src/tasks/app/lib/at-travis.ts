import { UserError } from '../../../errors.ts';
import type { Travis } from '../../../travis/client.ts';
import { NotOpened } from '../../../travis/errors.ts';
import { find, type Variable } from '../../../travis/variable.ts';
import type { Live } from '../../resource.ts';
import { serviceNameOf } from '../names.ts';
import type { Answered } from '../scope.ts';

/** A variable as it stands at Travis CI. */
export interface LiveVariable extends Live {
  /** Travis CI's own id of it. */
  variableId: string;
  shown: boolean;
  /** The one that it is for, which cannot be changed; absent where it is for all. */
  branch?: string;
}

/** The names of those that differ from app to app. */
const OF_THE_APP = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_EC2_TARGET_GROUP_ARN',
  'AWS_ECS_SERVICE_NAME',
];

/**
 * A variable that only one branch's builds are to see: where one repository is deployed as several
 * services, each from a branch of its own.
 */
export function branchOf({ slug, names, answers }: Answered, name: string): string | undefined {
  const isUsual = names.service === serviceNameOf(slug.split('/')[1]!);
  return isUsual || !OF_THE_APP.includes(name) ? undefined : answers.branch;
}

/** The variable of that name which builds of the app see. */
export function variableIn(
  variables: Variable[],
  answered: Answered,
  name: string,
): Variable | undefined {
  // One that a person has set for the branch alone is the one its builds see.
  return (
    find(variables, { name, branch: answered.answers.branch }) ??
    find(variables, { name, branch: branchOf(answered, name) })
  );
}

interface AtTravis {
  /** Whether the repository's builds are switched on. */
  active: boolean;
  variables: Variable[];
}

const known = new WeakMap<Travis, Promise<AtTravis>>();

/**
 * What Travis CI says of the repository before anything is changed; asked once for all.
 * @throws UserError when its variables may not be set with this token; StepFailed without an answer.
 */
export function atTravis({ travis, slug }: Answered): Promise<AtTravis> {
  const asked = known.get(travis!) ?? look(travis!, slug);
  known.set(travis!, asked);
  return asked;
}

async function look(travis: Travis, slug: string): Promise<AtTravis> {
  try {
    const [{ active }, variables] = await Promise.all([
      travis.repository(slug),
      travis.variables(slug),
    ]);
    return { active, variables };
  } catch (error) {
    if (!(error instanceof NotOpened)) throw error;
    const otherwise = 'Or have the variables printed: --set travis-token=none.';
    throw new UserError(error.message, `${error.fix} ${otherwise}`);
  }
}

export function asLive({ id, name, branch, public: shown }: Variable): LiveVariable {
  return { id: branch ? `${name} (${branch})` : name, variableId: id, shown, branch };
}
