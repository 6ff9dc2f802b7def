/** An access key's id: no secret, but it says whose key it is. */
const KEY_ID = /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g;

/** What must not be seen, and what of it may: "$1" and so on. Each stands for one kind of secret. */
const SECRETS: [RegExp, string][] = [
  // Of a URL: user and password.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1***@'],
  // A token that says itself what it is: a JSON Web Token.
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, '***'],
  // The secrets and session tokens of AWS's access keys. Forty hex digits are the hash of a commit,
  // and what ends with many behind a slash is a path: the end of an ARN, a log stream.
  [
    /(?<![A-Za-z0-9/+=])(?![a-f0-9]{40}(?![A-Za-z0-9/+=]))(?![\w/+]*\/[a-f0-9]{16,}(?![A-Za-z0-9/+=]))[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
    '***',
  ],
  [/\b[A-Za-z0-9/+_-]{100,}={0,2}/g, '***'],
  // An environment variable's value: in a shell, in JSON, in a task definition; but not what tells
  // an agent where it belongs, nor who is trusted by a policy.
  [
    /\b(?!(?:ECS_CLUSTER|AWS_REGION|AWS_DEFAULT_REGION|NO_PROXY)=)([A-Z][A-Z0-9_]{2,})=(?:"(?:[^"\\]|\\.)*"|'[^']*'|\{.*\}|[^\s,;"'}\])]+)/g,
    '$1=***',
  ],
  [/(\\?"(?!AWS\\?")[A-Z][A-Z0-9_]{2,}\\?" ?: ?\\?")[^"\\]*/g, '$1***'],
  [/(\\?"name\\?" ?: ?\\?"[^"\\]*\\?", ?\\?"value\\?" ?: ?\\?")[^"\\]*/gi, '$1***'],
  // Whatever is called a secret, and headers that carry one.
  [
    /\b((?:proxy-)?authorization|x-amz-security-token)(["\\]*[:=] ?["\\]*)(?:\w+ )?[^\s,"\\]+/gi,
    '$1$2***',
  ],
  [/\b(\w*(?:credential|signature)\w*=)[^\s&,;"']+/gi, '$1***'],
  // Not a field of ours, nor what AWS calls its errors, its calls and its own service.
  [
    /\b(?!metadataTokens:|secretsmanager:|(?:Expired|Invalid)\w*:|(?<=[a-z]:)(?:Create|Delete|Get|List|Put|Update)\w*:)(\w*(?:password|passwd|pwd|_pass|secret|token|api_?key|access_?key)\w*)(["\\]*[:=] ?["\\]*)[^\s&,;"'\\]+/gi,
    '$1$2***',
  ],
  [/(\s--[\w-]*(?:password|passwd|secret|token|api-?key) ["']?)[^\s"'-][^\s"']*/gi, '$1***'],
  // A registry's, as Docker keeps it.
  [/(\\?"(?:auth|identitytoken)\\?" ?: ?\\?")[^"\\]*/gi, '$1***'],
];

/** Without secrets; an access key's id is told, for a person has to know which one is meant. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((left, [secret, instead]) => left.replace(secret, instead), text);
}

/** A line without anything that it may hold of secrets. Hides rather too much than too little. */
export function masked(line: string): string {
  return withoutSecrets(line.replace(KEY_ID, '***'));
}
