import { type Check, pass, skip } from '../check.ts';
import { some } from '../command-lines.ts';
import { appsOf } from './apps.ts';

/** Of the cluster, but only where apps are asked for: without it none of them can be looked at. */
export const listCheck: Check = {
  id: 'app.list',
  group: 'App',
  title: 'The cluster’s apps can be listed',
  problem: 'The cluster’s apps cannot be listed',
  why: 'An app is known by its target group and its rules at the load balancer, and what they are tagged with.',
  fix: 'Ask for the calls in docs/permissions.md that may not be made.',
  async look(looking) {
    const apps = (await appsOf(looking)).map(({ service }) => service);
    return apps.length > 0 ? pass(some(apps)) : skip('The cluster has no app yet.');
  },
};
