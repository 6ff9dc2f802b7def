import { Interrupted } from '../errors.ts';
import { type Context, isChanging, type Next, operationOf, type Stack } from './journal.ts';
import { pause } from './waiting.ts';

interface NotYet {
  error: RegExp;
  message?: RegExp;
  /** How long AWS may take to know what it was just told, in seconds. */
  upTo: number;
}

/**
 * What AWS answers while it has not heard everywhere of something made a moment ago.
 * The SDK retries none of these. Each is tried again only in calls that change something:
 * there, what is named was read or made by us just before, so that "not found" means "not yet".
 */
const NOT_YET: NotYet[] = [
  // EC2 answers for what it has just made: InvalidVpcID.NotFound, InvalidGroup.NotFound, …
  { error: /^Invalid.+\.NotFound$/, upTo: 60 },
  { error: /^(NoSuchBucket|OperationAborted|OperationAbortedException)$/, upTo: 60 },
  { error: /^ConditionalRequestConflict$/, upTo: 60 },
  { error: /^ConcurrentModification(Exception)?$/, upTo: 60 },
  { error: /^NoSuchEntity(Exception)?$/, upTo: 30 },
  { error: /^RepositoryNotFound(Exception)?$/, upTo: 30 },
  // An instance profile reaches Auto Scaling 3 to 35 s after IAM; up to minutes have been seen.
  {
    error: /^ValidationError$/,
    message: /invalid iam instance ?profile|iamInstanceProfile\.(name|arn) is invalid/i,
    upTo: 300,
  },
  {
    error: /^ValidationError$/,
    message: /(subnet|security group|launch template|key pair).+ does not exist/i,
    upTo: 60,
  },
  { error: /^(SubnetNotFound|InvalidSecurityGroup)(Exception)?$/, upTo: 60 },
  { error: /^InvalidSubnet(Exception)?$/, message: /no internet gateway/i, upTo: 60 },
  // What ACM calls issued, load balancing learns a moment later.
  { error: /^(CertificateNotFound|UnsupportedCertificate)(Exception)?$/, upTo: 30 },
  { error: /^(ServiceLinkedRoleFailure|ResourceContentionFault|ResourceContention)$/, upTo: 120 },
  {
    error: /^InvalidParameterException$/,
    message: /unable to assume the service linked role/i,
    upTo: 120,
  },
  {
    error: /^InvalidParameterException$/,
    message: /ECS service role being passed has the proper permissions/i,
    upTo: 60,
  },
  {
    error: /^InvalidParameterException$/,
    message: /does not have an associated load balancer/i,
    upTo: 30,
  },
  // Of a role, or of the right to hand it on, that was given a moment ago; most often it is final.
  { error: /^AccessDenied(Exception)?$/, message: /iam:PassRole/, upTo: 10 },
  { error: /^InvalidParameterValue$/, message: /conflicting pending workflow/i, upTo: 120 },
  { error: /^Gateway\.NotAttached$/, upTo: 60 },
];

/** Makes a client wait out AWS's eventual consistency, and refuse to change anything once the run is stopped. */
export function waitOutConsistency(stack: Stack, signal: AbortSignal): void {
  stack.add(
    (next: Next, context: Context) => async (args: unknown) => {
      if (!isChanging(operationOf(context))) return next(args);
      const started = performance.now();
      for (let delay = 500; ; delay = Math.min(delay * 1.6, 8_000)) {
        if (signal.aborted) throw new Interrupted();
        try {
          return await next(args);
        } catch (error) {
          const seconds = (performance.now() - started) / 1000;
          if (isGone(context, error as Error) || !isNotYet(error as Error, seconds)) throw error;
          await pause(delay, signal);
        }
      }
    },
    { step: 'initialize', name: 'consistency', priority: 'high' },
  );
}

/** Of what is to go, "not found" means that it has gone. */
function isGone(context: Context, { name }: Error): boolean {
  return (
    /^(Delete|Revoke|Remove|Detach|Disassociate)/.test(operationOf(context)) &&
    /NotFound|^NoSuch/.test(name)
  );
}

function isNotYet({ name, message }: Error, seconds: number): boolean {
  return NOT_YET.some(
    (known) =>
      known.error.test(name) &&
      (known.message === undefined || known.message.test(message)) &&
      seconds < known.upTo,
  );
}
