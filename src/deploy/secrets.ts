const SECRET_NAME =
  /(PASSWORDS?|PASSWD|PASSPHRASE|SECRETS?|TOKEN|CREDENTIALS?|SECRET_?KEY_?BASE|(API|PRIVATE|SECRET|ACCESS|ENCRYPTION|SIGNING|MASTER|LICENSE|AUTH)_?KEY|.[_-](PASS|PWD))([_-]?\d+)?$/i;
/** Build tools put these into what they send to every browser. */
const MADE_PUBLIC = /^(NEXT_PUBLIC|REACT_APP|VITE|GATSBY|NUXT_PUBLIC|PUBLIC)_/;
/** A switch, or where the secret is to be had. */
const NO_SECRET =
  /^(|true|false|yes|no|on|off|none|\d|arn:.*|\/(app|etc|home|mnt|opt|root|run|srv|tmp|usr|var)\/.*)$/is;
const SECRET_VALUE = [
  // Of a URL: user and password.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/i,
  /\b(password|pwd) ?= ?[^;\s]/i,
  /(?:^|\s)--?[\w-]*(password|passwd|secret|token|api-?key)[= ][^\s$-]/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** Whether a variable holds what not everybody should see, as far as its name and its value tell. */
export function looksSecret(name: string, value: string): boolean {
  if (SECRET_VALUE.some((pattern) => pattern.test(value))) return true;
  return (
    SECRET_NAME.test(name.replaceAll('-', '_')) && !MADE_PUBLIC.test(name) && !NO_SECRET.test(value)
  );
}
