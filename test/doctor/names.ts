import { ZONE } from '../app/world.ts';

/** The cluster that is examined, and the app in it. */
export const CLUSTER = 'digitalApps';
export const SERVICE = 'parks';
export const HOST = `${SERVICE}.${ZONE}`;
