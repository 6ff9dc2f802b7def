import { StepFailed } from '../errors.ts';
import { settingsPage } from './errors.ts';
import { unquote } from './shell.ts';

/** A variable as it should be. */
export interface Wanted {
  name: string;
  /** As the build is to see it. */
  value: string;
  /** Shown in build logs, and in the settings to all who see the repository. */
  public: boolean;
  /** The only branch whose builds get it; all do where there is none. */
  branch?: string;
}

/** A variable as Travis CI has it. */
export interface Variable {
  id: string;
  name: string;
  /** As a build sees it. Undefined for a private one, and where only a shell could tell: `$HOME/lib`. */
  value?: string;
  public: boolean;
  branch?: string;
}

/** As the API has it: the value is as it stands behind `export NAME=`. */
export interface OnTheWire {
  id: string;
  name: string;
  value?: string | null;
  public: boolean;
  branch?: string | null;
}

/**
 * The variable of that name for that branch, or for all; another branch's is another variable.
 * Of several the last, for it is the one that counts in a build.
 */
export function find(
  variables: Variable[],
  { name, branch }: Pick<Wanted, 'name' | 'branch'>,
): Variable | undefined {
  return variables.findLast((there) => there.name === name && there.branch === branch);
}

export function fromWire({ id, name, value, public: shown, branch }: OnTheWire): Variable {
  return {
    id,
    name,
    value: shown === true ? unquote(value ?? '') : undefined,
    // Only what is said to be private is taken as that.
    public: shown !== false,
    branch: branch || undefined,
  };
}

/** @throws StepFailed when a write was answered by something else than was wanted. */
export function verified(variable: Variable, wanted: Wanted, slug: string): Variable {
  const { name } = wanted;
  if (variable.public && !wanted.public) {
    throw new StepFailed(
      `${name} of ${slug} is secret, and Travis CI shows it to everybody all the same.`,
      `Delete it now under ${settingsPage(slug)}, and replace the secret: it counts as known.`,
    );
  }
  const kept =
    variable.name === name &&
    variable.branch === wanted.branch &&
    variable.public === wanted.public &&
    (!wanted.public || variable.value === wanted.value);
  if (kept) return variable;
  throw new StepFailed(
    `Travis CI took ${name} of ${slug} and kept something else.`,
    `Look at it under ${settingsPage(slug)}, then run again.`,
  );
}
