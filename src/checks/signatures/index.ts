import { BOOT } from './boot.ts';
import { CREDENTIALS } from './credentials.ts';
import { HOST } from './host.ts';
import { IMAGES } from './images.ts';
import { NETWORK } from './network.ts';
import { REGISTRATION } from './registration.ts';
import { SERVICES } from './services.ts';
import { SESSION } from './session.ts';
import type { Signature } from './signature.ts';
import { TASKS } from './tasks.ts';

/** All of them, the deepest first. */
export const SIGNATURES: Signature[] = [
  ...BOOT,
  ...HOST,
  ...CREDENTIALS,
  ...NETWORK,
  ...REGISTRATION,
  ...SESSION,
  ...IMAGES,
  ...TASKS,
  ...SERVICES,
].sort((a, b) => a.precedence - b.precedence);
