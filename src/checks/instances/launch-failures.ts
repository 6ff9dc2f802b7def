/** Why EC2 would not start an instance, by what it said to Auto Scaling. */
interface LaunchFailure {
  pattern: RegExp;
  /** In a sentence. */
  cause: string;
  /** @param init our command for this cluster, to which a flag may be added. */
  fix(init: string): string;
}

const SUPPORT = 'Write to AWS Support (Account and billing): they open it.';

export const LAUNCH_FAILURES: LaunchFailure[] = [
  {
    pattern: /VcpuLimitExceeded|more vCPU capacity than your current vCPU limit/,
    cause: 'The account may not run more vCPUs of this kind in this Region.',
    fix: (init) =>
      `Ask for more under Service Quotas, “Running On-Demand Standard instances” (L-1216C47A), or take a smaller type: ${init} --set instance-type=TYPE`,
  },
  {
    pattern:
      /instance type .*not supported in your requested Availability Zone|^Unsupported\b.*Zone/,
    cause: 'A zone of the group does not have this instance type.',
    fix: (init) => `Take a type that all zones have: ${init} --set instance-type=TYPE`,
  },
  {
    pattern:
      /InsufficientInstanceCapacity|(?:not have sufficient .* capacity|Insufficient capacity)/,
    cause: 'AWS has no instance of this type left in the zone right now.',
    fix: (init) =>
      `Auto Scaling goes on trying, in other zones, too. If it lasts: ${init} --set instance-type=TYPE`,
  },
  {
    pattern:
      /InvalidAMIID|image ?(?:id)? '?\[?ami-\w+\]?'? does not exist|\bAMI\b.*(?:does not exist|not found|pending)/i,
    cause: 'The image of the launch template is gone, or not shared with this account.',
    fix: (init) => `${init} --set ami=recommended`,
  },
  {
    pattern: /InvalidKeyPair|key pair '.*' does not exist/i,
    cause: 'The key pair of the launch template was deleted.',
    fix: (init) => `${init} (it makes the pair anew; without one: --set key-pair=none)`,
  },
  {
    pattern: /InvalidGroup\.NotFound|security group '?.*'? (?:does not exist|is not valid)/i,
    cause: 'The security group of the launch template was deleted.',
    fix: (init) => init,
  },
  {
    pattern: /InvalidSubnetID|subnet(?: ID)? '.*' does not exist/i,
    cause: 'A subnet of the group was deleted.',
    fix: (init) => init,
  },
  {
    pattern: /InsufficientFreeAddressesInSubnet|not enough free addresses in subnet/i,
    cause: 'A subnet of the group has no addresses left.',
    fix: () => 'Give the group further or bigger subnets.',
  },
  {
    pattern: /iamInstanceProfile\.\w+ is invalid|invalid iam instance ?profile/i,
    cause: 'The instance profile of the launch template is gone.',
    fix: (init) => init,
  },
  {
    pattern: /launch template .*(?:does not exist|is not valid|not found)|InvalidLaunchTemplate/i,
    cause: 'The launch template, or its version, is gone.',
    fix: (init) => init,
  },
  {
    pattern: /Client\.InternalError|Client error on launch/,
    cause: 'The disk could not be decrypted: Auto Scaling may not use the KMS key for EBS.',
    fix: () =>
      'Allow the role AWSServiceRoleForAutoScaling to use the key (kms:CreateGrant), or let EBS use AWS’s own key.',
  },
  {
    pattern:
      /(?:account|request).*(?:blocked|being validated|PendingVerification)|PendingVerification/i,
    cause: 'AWS has not opened EC2 to this account, or has closed it.',
    fix: () => SUPPORT,
  },
  {
    pattern: /not eligible for Free Tier|free plan/i,
    cause: 'The account’s free plan does not have this instance type.',
    fix: (init) =>
      `Upgrade the plan in the Billing console, or: ${init} --set instance-type=t3.micro`,
  },
  {
    pattern: /HttpTokensEnforced|IMDSv2.*(?:required|enforced)/i,
    cause: 'The account wants IMDSv2, and the launch template does not.',
    fix: (init) => init,
  },
  {
    pattern: /UnauthorizedOperation|not authorized to perform this operation/i,
    cause:
      'Auto Scaling may not start instances: a policy of the organisation, or its role lacks a right.',
    fix: () =>
      'Decode what AWS says with `aws sts decode-authorization-message`, and ask whoever looks after the organisation’s policies.',
  },
  {
    pattern: /(?:Volume|MaxIOPS|Address|NetworkInterface)LimitExceeded|LimitExceeded/,
    cause: 'An account quota is used up.',
    fix: () => 'Ask for more under Service Quotas, or remove what is no longer needed.',
  },
];
