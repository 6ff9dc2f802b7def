import type { Check } from './check.ts';
import { instanceRoleChecks } from './roles/instance.ts';
import { policyChecks } from './roles/policies.ts';
import { serviceRoleChecks } from './roles/services.ts';

export const roleChecks: Check[] = [...instanceRoleChecks, ...serviceRoleChecks, ...policyChecks];
