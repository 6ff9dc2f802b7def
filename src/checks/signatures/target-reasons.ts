import type { TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';

interface Meaning {
  says: string;
  fix: string;
}

const SLOW =
  'Give the app more memory or CPU, or a longer timeout to the target group’s health check.';
const OPEN =
  'The instances’ security group must let in all TCP from the load balancer’s: digital-apps init-cluster';

/**
 * What the load balancer means by why a target gets no requests.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
const REASONS: Record<string, Meaning> = {
  'Target.ResponseCodeMismatch': {
    says: 'The app answers its health check with another status than 200',
    fix: 'Have the app answer 200 there without a login or redirect, or give add-app its real path: --set health-check=PATH',
  },
  'Target.Timeout': {
    says: 'The app does not answer its health check in time',
    fix: `${SLOW} If it never answers, the security groups may be in between: ${OPEN}`,
  },
  'Target.FailedHealthChecks': {
    says: 'Nothing takes the health check’s connections',
    fix: `The app must listen on 0.0.0.0, on the port that deploy/docker-compose.yml names. ${OPEN}`,
  },
  'Target.InvalidState': {
    says: 'The instance is stopped or gone',
    fix: 'Wait until the autoscaling group has replaced it.',
  },
  'Target.NotInUse': {
    says: 'No rule of the load balancer sends requests to the target group, or its zone is not the load balancer’s',
    fix: 'digital-apps add-app in the app’s repository makes the rules; digital-apps init-cluster puts the load balancer into all zones.',
  },
  'Target.NotRegistered': {
    says: 'The container is not registered with the target group',
    fix: 'Deploy the app again, with AWS_EC2_TARGET_GROUP_ARN as the target group’s ARN.',
  },
  'Target.IpUnusable': {
    says: 'The target’s address belongs to a load balancer',
    fix: 'Take it out of the target group in the console.',
  },
  'Elb.InternalError': {
    says: 'AWS has an error of its own with it',
    fix: 'Look at https://health.aws.amazon.com, and wait.',
  },
};

/** Comes and goes with each deployment. */
const PASSING: string[] = [
  'Elb.RegistrationInProgress',
  'Elb.InitialHealthChecking',
  'Target.DeregistrationInProgress',
];

export function isPassing({ State, Reason }: TargetHealth): boolean {
  return State === 'draining' || (Reason !== undefined && PASSING.includes(Reason));
}

export function meaningOf({ Reason, Description }: TargetHealth): Meaning {
  const known = Reason && REASONS[Reason];
  const words = Description ? ` (AWS: ${Description})` : Reason ? ` (${Reason})` : '';
  return {
    says: `${known?.says ?? 'The load balancer does not use it'}${words}.`,
    fix: known?.fix ?? 'Look at the target group’s Targets in the console (EC2).',
  };
}
