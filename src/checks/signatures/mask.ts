/** What must not be seen, and what of it may: "$1" and so on. Each stands for one kind of secret. */
const SECRETS: [RegExp, string][] = [
  // Of a URL: user and password.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1***@'],
  // A token that says itself what it is: a JSON Web Token.
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, '***'],
  // AWS's access key ids, and the secrets and session tokens that go with them.
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '***'],
  // Forty hex digits are the hash of a commit.
  [
    /(?<![A-Za-z0-9/+=])(?![a-f0-9]{40}(?![A-Za-z0-9/+=]))[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
    '***',
  ],
  [/\b[A-Za-z0-9/+_-]{100,}={0,2}/g, '***'],
  // An environment variable's value: in a shell, in JSON, in a task definition.
  [/\b([A-Z][A-Z0-9_]{2,})=(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;"'}\])]+)/g, '$1=***'],
  [/(\\?"[A-Z][A-Z0-9_]{2,}\\?" ?: ?\\?")[^"\\]*/g, '$1***'],
  [/(\\?"name\\?" ?: ?\\?"[^"\\]*\\?", ?\\?"value\\?" ?: ?\\?")[^"\\]*/gi, '$1***'],
  // Whatever is called a secret, and headers that carry one.
  [
    /\b((?:proxy-)?authorization|x-amz-security-token)(["\\]*[:=] ?["\\]*)(?:\w+ )?[^\s,"\\]+/gi,
    '$1$2***',
  ],
  [/\b(\w*(?:credential|signature)\w*=)[^\s&,;"']+/gi, '$1***'],
  [
    /\b(\w*(?:password|passwd|pwd|_pass|secret|token|api_?key|access_?key)\w*)(["\\]*[:=] ?["\\]*)[^\s&,;"'\\]+/gi,
    '$1$2***',
  ],
];

/** A line without the secrets that it may hold. Hides rather too much than too little. */
export function masked(line: string): string {
  return SECRETS.reduce((text, [secret, instead]) => text.replace(secret, instead), line);
}
