import { UserError } from '../errors.ts';
import { settingsPage } from './errors.ts';
import { quote } from './shell.ts';
import type { Wanted } from './variable.ts';

/**
 * The line for a shell that sets a variable with Travis CI's own command, which quotes the value
 * for the build itself. It removes what variables of that name there are for single branches.
 * @throws UserError for a variable of one branch, which that command cannot set.
 */
export function setLine(variable: Wanted, slug: string): string {
  refuseBranch(variable, slug);
  const name = quote(variable.name);
  const value = quote(variable.value);
  const options = optionsFor(variable.public, slug);
  // A value that looks like an option must come behind all of them.
  return variable.value.startsWith('-')
    ? `travis env set ${options} -- ${name} ${value}`
    : `travis env set ${name} ${value} ${options}`;
}

/**
 * The same for a private variable, whose value is in a line NAME=value of a file. It reaches the
 * command by the environment alone: neither the shell's history nor the list of processes has it.
 * Nothing is set when the file does not have it.
 * @throws UserError as setLine does.
 */
export function hiddenLine(
  variable: Pick<Wanted, 'name' | 'branch'>,
  file: string,
  slug: string,
): string {
  refuseBranch(variable, slug);
  const { name } = variable;
  const found = `${name}="$(grep '^${name}=' ${quote(file)})"`;
  const copy = `travis env copy ${name} ${optionsFor(false, slug)}`;
  return `(${found} && export ${name}="\${${name}#*=}" && ${copy})`;
}

function optionsFor(shown: boolean, slug: string): string {
  return `--${shown ? 'public' : 'private'} --com -r ${quote(slug)}`;
}

function refuseBranch({ name, branch }: Pick<Wanted, 'name' | 'branch'>, slug: string): void {
  if (!branch) return;
  throw new UserError(
    `The travis command cannot set ${name} for the branch ${branch} alone.`,
    `Set it under ${settingsPage(slug)}.`,
  );
}
