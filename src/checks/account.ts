import { keysCheck } from './account/keys.ts';
import { quotasCheck } from './account/quotas.ts';
import type { Check } from './check.ts';

export const accountChecks: Check[] = [quotasCheck, keysCheck];
