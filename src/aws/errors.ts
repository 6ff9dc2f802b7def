import { StepFailed, UserError } from '../errors.ts';

export interface Explanation {
  /** What AWS (or the machine) answered, in a sentence. */
  answer: string;
  /** What to do about it, where it is known. */
  fix?: string;
}

/** What Node calls a connection that did not come about or broke. */
const NETWORK = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH)/;

interface AwsError extends Error {
  $metadata?: { httpStatusCode?: number; requestId?: string };
  code?: string;
}

interface Known {
  error: RegExp;
  message?: RegExp;
  fix: string;
}

/** What a person can do about an error, by its code and message; the first that fits is taken. */
const KNOWN: Known[] = [
  {
    error: /^OperationNotPermitted/,
    message: /does not support creating load balancers/,
    fix: 'AWS opens load balancers to a new account on request: write to AWS Support, then run again.',
  },
  {
    error: /^AccessDenied/,
    message: /account must be verified/,
    fix: 'AWS opens CloudFront to a new account on request: write to AWS Support, then run again; or do without for now: --set cdn=no.',
  },
  {
    error: /^DistributionAlreadyExists/,
    fix: 'CloudFront has a distribution that was made for this app, and whose tags somebody has changed: look at it in the console (CloudFront).',
  },
  {
    error:
      /^(Throttling|ThrottlingException|RequestLimitExceeded|SlowDown|TooManyRequestsException)$/,
    fix: 'AWS asks for fewer calls. Wait a minute and run again; what stands is kept.',
  },
  {
    error: /^TooManyRules/,
    fix: 'The load balancer has as many rules as it may: remove those of apps that are gone, or ask for more “Rules per Application Load Balancer” under Service Quotas, then run again.',
  },
  {
    error: /^(VcpuLimitExceeded|VpcLimitExceeded|.*LimitExceeded(Exception)?|TooMany.+)$/,
    fix: 'An account quota is used up: remove what is no longer needed or ask for more under Service Quotas, then run again.',
  },
  {
    error: /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/,
    fix: 'The session has ended: `aws sso login` or `aws login`, then run again; what stands is kept.',
  },
  {
    error:
      /^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch)$/,
    fix: 'AWS does not know these credentials: check AWS_PROFILE, AWS_ACCESS_KEY_ID and the clock.',
  },
  {
    error: /^(UnsupportedCertificate|CertificateNotFound)/,
    fix: 'The certificate must be issued and in the same Region: look at it in ACM, then run again.',
  },
  {
    error: /^InvalidParameterException/,
    message: /does not have an associated load balancer/,
    fix: 'No rule of the load balancer leads to the target group: digital-apps add-app in the app’s repository makes it, then deploy again.',
  },
  {
    error: /^(DependencyViolation)$/,
    fix: 'Something else still uses it. Look at it in the AWS console.',
  },
];

/** Says an error in words a person can act on; never a stack, never a parameter. */
export function explain(error: unknown): Explanation {
  if (error instanceof UserError || error instanceof StepFailed) {
    return { answer: error.message, fix: error.fix };
  }
  const { name, message, code, $metadata } = error as AwsError;
  const known = KNOWN.find((k) => k.error.test(name) && (k.message?.test(message) ?? true));
  if (!known && isDenied(name)) return explainDenied(message, $metadata?.requestId);
  if (code && NETWORK.test(code)) {
    return { answer: `No answer (${code}).`, fix: 'Check the connection, then run again.' };
  }
  return { answer: sentence(name, message), fix: known?.fix };
}

/** Whether the same call may be answered in a while: no way to AWS just now, or AWS is unwell, or wants fewer calls. */
export function isPassing(error: unknown): boolean {
  const { name, code = '', $metadata } = error as AwsError;
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    NETWORK.test(code) ||
    /^Timeout|Throttl|^(RequestLimitExceeded|TooManyRequests|SlowDown)/.test(name) ||
    status >= 500
  );
}

function isDenied(name: string): boolean {
  return /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Client\.UnauthorizedOperation|403|Forbidden)$/.test(
    name,
  );
}

/** AWS says in its message which action was denied and by which kind of policy, when it says so at all. */
function explainDenied(message: string, requestId?: string): Explanation {
  const action = /perform:? ([a-z0-9-]+:[A-Za-z*]+)/.exec(message)?.[1];
  const on = / on resource:? (.+?)(?= because | with an explicit |$)/.exec(message)?.[1];
  const what = action ? `may not call ${action}${on ? ` on ${on}` : ''}` : 'may not do this';
  return {
    answer: `You ${what}: ${reasonOf(message)}${requestId ? ` (request ${requestId})` : ''}.`,
    fix: action
      ? `Ask for ${action}; docs/permissions.md has the whole policy. Then run again; what stands is kept.`
      : 'Ask for the policy in docs/permissions.md, then run again; what stands is kept.',
  };
}

function reasonOf(message: string): string {
  const kind =
    /(service control|resource control|permissions boundary|session|identity-based|resource-based|VPC endpoint)/i.exec(
      message,
    )?.[1];
  const named = kind ? `${article(kind)} ${kind}${kind.endsWith('boundary') ? '' : ' policy'}` : '';
  if (/explicit deny/i.test(message))
    return `an explicit deny${named && ` in ${named}`} forbids it`;
  if (/because no/i.test(message)) {
    return `no ${kind ?? 'identity-based'}${kind?.endsWith('boundary') ? '' : ' policy'} allows it`;
  }
  return named ? `${named} forbids it` : 'AWS does not say which policy forbids it';
}

function article(word: string): string {
  return /^[aeiou]/i.test(word) ? 'an' : 'a';
}

function sentence(name: string, message: string): string {
  const text = message?.trim() || 'no message';
  return `${name}: ${text}${/[.!?]$/.test(text) ? '' : '.'}`;
}
