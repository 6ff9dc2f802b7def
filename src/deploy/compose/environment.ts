import type { KeyValuePair } from '@aws-sdk/client-ecs';
import type { Field } from './field.ts';
import type { Context } from './keys.ts';
import { refuseSecret } from './plaintext.ts';
import { pairs } from './values.ts';

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
