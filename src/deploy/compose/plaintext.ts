import { looksSecret } from '../secrets.ts';
import type { Field } from './field.ts';
import type { Context } from './keys.ts';
import type { Pair } from './values.ts';

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

/**
 * The same for whatever else a key says: each of its texts, by the last key that leads to it.
 * @throws UserError that names the key, never what it says.
 */
export function refuseSecrets(field: Field, context: Context): void {
  if (field.isNull) return;
  if (field.isMap) for (const one of field.entries().values()) refuseSecrets(one, context);
  else if (field.isList) for (const item of field.items()) refuseSecrets(item, context);
  else refuseSecret(field.path.split('.').at(-1)!, { value: field.text(), field }, context);
}
