import { type AppLooking, type Check, fail, pass } from './check.ts';

export const trialAppChecks: Check<AppLooking>[] = [
  {
    id: 'traffic.hosts',
    group: 'Traffic',
    title: 'A rule sends its host to it',
    why: 'Without a rule the load balancer answers 503.',
    fix: 'Run digital-apps add-app in its repository.',
    async look({ app }) {
      return app.hosts.length > 0 ? pass(app.hosts.join(', ')) : fail('No rule names it.');
    },
  },
];
