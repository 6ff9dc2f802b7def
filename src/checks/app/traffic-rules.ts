import type { Listener } from '@aws-sdk/client-elastic-load-balancing-v2';
import { actionWords, type ListenerRule, takesAll } from '../../tasks/app/lib/listener-rules.ts';
import { issuedFor } from '../balancer-certificates.ts';
import { type AppLooking, fail, pass, type Verdict, warn } from '../check.ts';
import { awsCli } from '../command-lines.ts';
import { balancerOf, certificatesAt, NO_BALANCER, rulesBy } from '../lookups/balancer.ts';
import { addApp } from './words.ts';

/** What the listeners do with the app's hosts. */
export async function rules(looking: AppLooking): Promise<Verdict | Verdict[]> {
  const { app } = looking;
  const [balancer, { http, https }] = await Promise.all([balancerOf(looking), rulesBy(looking)]);
  if (!balancer) return NO_BALANCER;
  if (app.hosts.length === 0) {
    return fail(`No rule of the load balancer sends a host to ${app.service}.`, addApp(looking));
  }
  const isServed = (host: string) => https.some((rule) => isItsRule(rule, host, looking));
  const hasHttps = app.hosts.some(isServed) || http.some((rule) => redirects(rule, app.hosts));
  const onHttp = balancer.http ? app.hosts.map((host) => way(host, http, 80, looking)) : [];
  const onHttps =
    hasHttps && balancer.https ? app.hosts.map((host) => way(host, https, 443, looking)) : [];
  const lacking = !hasHttps && balancer.https ? await noHttps(looking, balancer.https) : [];
  return [...onHttp, ...onHttps, ...lacking];
}

/** Where the listener has a certificate for the app, browsers come by HTTPS and find nothing. */
async function noHttps(looking: AppLooking, { ListenerArn }: Listener): Promise<Verdict[]> {
  const [issued, served] = await Promise.all([
    issuedFor(looking, looking.app.hosts),
    certificatesAt(looking, ListenerArn!),
  ]);
  const used = issued.find((arn) => served.includes(arn));
  const certificate = used ?? issued[0];
  if (!certificate) return [];
  return [
    (used ? fail : warn)(
      `The app has no rule on port 443, although ${certificate} is for its host.`,
      addApp(looking),
    ),
  ];
}

/** What happens on that port to whoever asks for the host. */
function way(host: string, all: ListenerRule[], port: number, looking: AppLooking): Verdict {
  const subject = `${host}:${port}`;
  const its = all.find((rule) => isItsRule(rule, host, looking));
  const redirect = port === 80 && all.find((rule) => redirects(rule, [host]));
  const rule = its ?? (redirect || undefined);
  if (!rule) {
    const other = all.find((each) => each.hosts.includes(host));
    const evidence = other
      ? `On port ${port} the rule for ${host} (priority ${other.priority}) does not lead to the app, but: ${actionWords(other.actions)}.`
      : `On port ${port} there is no rule for ${host}.`;
    return fail(evidence, addApp(looking), subject);
  }
  const before = all.find(
    (each) =>
      each.priority < rule.priority && takesAll(each, host) && !isItsRule(each, host, looking),
  );
  if (!before) return pass(`${host} on port ${port}: ${actionWords(rule.actions)}.`, subject);
  return fail(
    `On port ${port} the rule for ${before.hosts.join(', ') || 'every host'} (priority ${before.priority}) comes first and takes ${host} (priority ${rule.priority}).`,
    `${awsCli(looking, 'elbv2 set-rule-priorities', `--rule-priorities RuleArn=${before.arn},Priority=NUMBER`)} with a free one above ${rule.priority}`,
    subject,
  );
}

function isItsRule({ hosts, actions }: ListenerRule, host: string, { app }: AppLooking): boolean {
  return (
    hosts.includes(host) &&
    actions.some(
      ({ TargetGroupArn }) => TargetGroupArn !== undefined && TargetGroupArn === app.targetGroupArn,
    )
  );
}

function redirects({ hosts, actions }: ListenerRule, wanted: string[]): boolean {
  return (
    hosts.some((host) => wanted.includes(host)) &&
    actions.some(({ RedirectConfig }) => RedirectConfig?.Protocol === 'HTTPS')
  );
}
