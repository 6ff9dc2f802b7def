import type { Check } from './check.ts';
import { aclCheck } from './network/acl.ts';
import { publicIpCheck } from './network/public-ip.ts';
import { securityGroupChecks } from './network/security-groups.ts';
import { vpcChecks } from './network/vpc.ts';

export const networkChecks: Check[] = [
  ...vpcChecks,
  aclCheck,
  ...securityGroupChecks,
  publicIpCheck,
];
