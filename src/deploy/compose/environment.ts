import type { KeyValuePair } from '@aws-sdk/client-ecs';
import { looksSecret } from '../secrets.ts';
import type { Field } from './field.ts';
import type { Context } from './keys.ts';
import { type Pair, pairs } from './values.ts';

/** A name without a value takes that of the variable where the deploy runs, as in docker. */
export function environment(field: Field, context: Context): KeyValuePair[] {
  return [...pairs(field)].map(([name, pair]) => {
    const value = pair.value ?? pair.field.variable(name);
    refuseSecret(name, { ...pair, value }, context);
    return { name, value };
  });
}

/** Labels and the like; a name without a value is an empty one. */
export function record(field: Field): Record<string, string> {
  return Object.fromEntries([...pairs(field)].map(([name, { value = '' }]) => [name, value]));
}

/**
 * A task definition keeps what it says for ever, for all who may describe it.
 * @throws UserError that names the variable, never its value.
 */
export function refuseSecret(
  name: string,
  { value = '', field }: Pair,
  { plaintext }: Context,
): void {
  const names = [name, ...field.variables()];
  if (!names.some((one) => looksSecret(one, value)) || names.some((one) => plaintext.has(one)))
    return;
  throw field.wrong(
    `${name} looks like a secret, and everybody who may look at the task definition could read it`,
    `Put it into the app’s .env (digital-apps add-app --env-file FILE) and take it out here. If it is none, say so at the end of this file: x-digital-apps: {plaintext: [${name}]}`,
  );
}
