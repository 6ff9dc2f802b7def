import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { APP_TAG } from '../tags.ts';
import { httpsListener, sniCertificate, unlessIssued } from './https-listener.ts';
import {
  type AppRule,
  attention,
  makeRule,
  readRule,
  rivals,
  set,
  setActions,
  wantedRule,
} from './lib/app-rule.ts';
import { rulesOf, rulesUsed } from './lib/listener-rules.ts';
import { type Env, type Place, resourceWhen } from './scope.ts';
import { targetGroup } from './target-group.ts';
import { certificateIssued } from './validation.ts';

interface HttpRule extends AppRule {
  /** Of the whole load balancer. */
  rules: { used: number; most: number };
}

const section = 'EC2 > Load Balancers';
const docs =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html';

const TO_HTTPS: Action[] = [
  {
    Type: 'redirect',
    RedirectConfig: {
      Protocol: 'HTTPS',
      Port: '443',
      Host: '#{host}',
      Path: '/#{path}',
      Query: '#{query}',
      StatusCode: 'HTTP_301',
    },
  },
];

export const httpsRule = resourceWhen<
  AppRule,
  {
    targetGroup: typeof targetGroup;
    certificateIssued: typeof certificateIssued;
    httpsListener: typeof httpsListener;
  }
>(({ answers }) => answers.certificate !== 'none', {
  name: 'HTTPS rule',
  section,
  why: 'Sends what comes for the app’s hosts by HTTPS to the app.',
  docs,
  needs: { targetGroup, certificateIssued, httpsListener },
  after: [sniCertificate],
  async read(place) {
    const { httpsListener } = place.cluster;
    return httpsListener ? readRule(place, httpsListener) : undefined;
  },
  wanted: (env, { targetGroup }, live) => wantedRule(env, forwardTo(targetGroup), live),
  postponed: unlessIssued,
  create: (env, { targetGroup, httpsListener }) =>
    makeRule(env, httpsListener?.id ?? env.cluster.httpsListener!, forwardTo(targetGroup)),
  set: {
    ...set,
    action: ({ env, live, needs }) => setActions(env, live, forwardTo(needs.targetGroup)),
  },
  attention,
});

interface Needed {
  targetGroup: { arn: string };
  httpsRule?: AppRule;
}

/** The rule for HTTP is one of two: with HTTPS alone, it waits for that. */
const shared = {
  name: 'HTTP rule',
  section,
  docs,
  async read(place: Place): Promise<HttpRule | undefined> {
    const [rule, rules] = await Promise.all([
      readRule(place, place.cluster.httpListener),
      rulesUsed(place, place.cluster.loadBalancer.arn),
    ]);
    return rule && { ...rule, rules };
  },
  wanted(env: Env, needs: Needed, live?: HttpRule) {
    const served = servedByHttp(env, needs);
    return wantedRule(served, httpActions(served, needs), live);
  },
  async create(env: Env, needs: Needed): Promise<HttpRule> {
    const served = servedByHttp(env, needs);
    const rule = await makeRule(served, env.cluster.httpListener, httpActions(served, needs));
    return { ...rule, rules: await rulesUsed(env, env.cluster.loadBalancer.arn) };
  },
  set: {
    ...set,
    action: ({ env, live, needs }: { env: Env; live: HttpRule; needs: Needed }) =>
      setActions(env, live, httpActions(servedByHttp(env, needs), needs)),
  },
  attention,
  remarks: (env: Env, { hosts, rules: { used, most } }: HttpRule) => [
    `${used} of ${most} rules of the load balancer are used`,
    ...env.answers.host
      .filter((host) => !hosts.includes(host))
      .map((host) => `${host} is added once its certificate is issued`),
  ],
} as const;

export const httpRule = resourceWhen<HttpRule, { targetGroup: typeof targetGroup }>(
  ({ answers }) => !answers['https-only'],
  {
    ...shared,
    why: 'Sends what comes for the app’s hosts by HTTP to the app.',
    needs: { targetGroup },
  },
);

export const httpRedirect = resourceWhen<
  HttpRule,
  { targetGroup: typeof targetGroup; httpsRule: typeof httpsRule }
>(({ answers }) => answers['https-only'], {
  ...shared,
  why: 'Sends what comes for the app’s hosts by HTTP on to HTTPS, once that is there.',
  needs: { targetGroup, httpsRule },
});

/** Where HTTP sends on to HTTPS, a host is added to both only together. */
function servedByHttp(env: Env, { httpsRule }: Needed): Env {
  const { answers } = env;
  const host = httpsRule ? answers.host.filter((name) => httpsRule.hosts.includes(name)) : [];
  return host.length > 0 ? { ...env, answers: { ...answers, host } } : env;
}

/** Until HTTPS is there, nobody may be sent to it. */
function httpActions({ answers }: Env, { targetGroup, httpsRule }: Needed): Action[] {
  const isServed = answers.host.every((host) => httpsRule?.hosts.includes(host));
  return answers['https-only'] && isServed ? TO_HTTPS : forwardTo(targetGroup);
}

function forwardTo({ arn }: { arn: string }): Action[] {
  return [{ Type: 'forward', TargetGroupArn: arn }];
}

/** The rule of another app, or of a person, that has this very host on one of the listeners. */
export async function ruleForHost(
  place: Place,
  host: string,
): Promise<{ app?: string; targetGroup?: string } | undefined> {
  const { httpListener, httpsListener } = place.cluster;
  const listeners = [httpListener, ...(httpsListener ? [httpsListener] : [])];
  const rules = await Promise.all(listeners.map((listener) => rulesOf(place, listener)));
  const rule = rivals(rules.flat(), place, [host])[0];
  const arn = rule?.actions.map(({ TargetGroupArn }) => TargetGroupArn).find(Boolean);
  return rule && { app: rule.tags[APP_TAG], targetGroup: arn?.split('/')[1] };
}
