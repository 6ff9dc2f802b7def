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
import { type Env, type Place, resource, resourceWhen } from './scope.ts';
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

export const httpRule = resource<
  HttpRule,
  { targetGroup: typeof targetGroup; httpsRule: typeof httpsRule }
>({
  name: 'HTTP rule',
  section,
  why: 'Sends what comes for the app’s hosts by HTTP to the app, or on to HTTPS.',
  docs,
  needs: { targetGroup, httpsRule },
  async read(place) {
    const [rule, rules] = await Promise.all([
      readRule(place, place.cluster.httpListener),
      rulesUsed(place, place.cluster.loadBalancer.arn),
    ]);
    return rule && { ...rule, rules };
  },
  wanted: (env, needs, live) => wantedRule(env, httpActions(env, needs), live),
  async create(env, needs) {
    const rule = await makeRule(env, env.cluster.httpListener, httpActions(env, needs));
    return { ...rule, rules: await rulesUsed(env, env.cluster.loadBalancer.arn) };
  },
  set: {
    ...set,
    action: ({ env, live, needs }) => setActions(env, live, httpActions(env, needs)),
  },
  attention,
  remarks: (_env, { rules: { used, most } }) => [
    `${used} of ${most} rules of the load balancer are used`,
  ],
});

/** Until HTTPS is there, nobody may be sent to it. */
function httpActions(
  { answers }: Env,
  needs: { targetGroup: { arn: string }; httpsRule?: AppRule },
): Action[] {
  return answers['https-only'] && needs.httpsRule ? TO_HTTPS : forwardTo(needs.targetGroup);
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
