import { type Reached, reach } from '../aws/probe.ts';
import { rulesUsed } from '../tasks/app/lib/listener-rules.ts';
import { isAsStrict, looserBy, TLS_POLICY } from '../tasks/cluster/lib/tls-policies.ts';
import { httpListener, httpsListener } from '../tasks/cluster/listeners.ts';
import { loadBalancer } from '../tasks/cluster/load-balancer.ts';
import { certificateChecks, issuedFor } from './balancer-certificates.ts';
import { type Check, fail, type Looking, pass, skip, type Verdict, warn } from './check.ts';
import { awsCli, initCluster } from './command-lines.ts';
import { type Balancer, balancerOf, NO_BALANCER, rulesBy } from './lookups/balancer.ts';
import { NEARLY, quotaPage } from './lookups/quotas.ts';

const group = 'Load balancer';

export const balancerChecks: Check[] = [
  {
    id: 'balancer.state',
    ...{ group, title: 'The load balancer is active' },
    problem: 'The load balancer is missing, or not fully active',
    why: 'Everything that browsers ask for passes through it.',
    fix: 'init-cluster makes one; what AWS could not activate must be deleted first.',
    isMendable: true,
    judges: [
      [loadBalancer, 'id'],
      // Without the load balancer these are gone, too.
      [httpListener, 'id'],
      [httpsListener, 'id'],
    ],
    async look(looking) {
      const balancer = await balancerOf(looking);
      const { loadBalancer: name } = looking.names;
      if (!balancer) return fail(`There is no load balancer ${name}.`, initCluster(looking));
      const { Code: state = 'unknown', Reason } = balancer.found.State ?? {};
      if (state === 'active') return pass(`${name} is active.`);
      const evidence = `${name} is ${state.replace('_', ' ')}${Reason ? `: ${Reason}` : ''}.`;
      if (state === 'provisioning') return warn(evidence, 'Wait: this usually takes 2–4 minutes.');
      return (state === 'active_impaired' ? warn : fail)(evidence, consoleOf(looking));
    },
  },
  {
    id: 'balancer.listeners',
    ...{ group, title: 'It listens for HTTP, and for HTTPS where there is a certificate' },
    problem: 'The load balancer lacks a listener',
    why: 'Where it does not listen, nobody can connect.',
    fix: 'init-cluster makes the listener on port 80, and with a certificate the one on 443.',
    isMendable: true,
    judges: [
      [httpListener, 'id'],
      [httpsListener, 'id'],
    ],
    async look(looking) {
      const balancer = await balancerOf(looking);
      if (!balancer) return NO_BALANCER;
      const missing = balancer.http ? [] : [noListener(looking, 80)];
      const why = balancer.https ? undefined : await needsHttps(looking);
      if (why) missing.push(noListener(looking, 443, why));
      if (missing.length > 0) return missing;
      return pass(
        balancer.https
          ? 'It listens on ports 80 and 443.'
          : 'It listens on port 80; there is no certificate for port 443 yet.',
      );
    },
  },
  {
    id: 'balancer.tls',
    ...{ group, title: 'HTTPS uses today’s TLS' },
    problem: 'HTTPS does not use today’s TLS alone',
    why: 'Older versions and ciphers can be broken, and auditors ask for this first.',
    fix: 'init-cluster sets the policy of the listener on port 443.',
    isMendable: true,
    judges: [[httpsListener, 'tlsPolicy']],
    async look(looking) {
      const https = (await balancerOf(looking))?.https;
      if (!https) return skip('There is no HTTPS listener.');
      const { SslPolicy: policy = '' } = https;
      if (policy === TLS_POLICY) return pass(`The policy is ${TLS_POLICY}.`);
      if (isAsStrict(policy)) {
        return pass(`The policy is ${policy}, which allows no more than ${TLS_POLICY}.`);
      }
      const how = looserBy(policy);
      if (!how) {
        return skip(`The policy ${policy} is not known here: compare it with ${TLS_POLICY}.`);
      }
      return warn(
        `The HTTPS listener has the policy ${policy}, not ${TLS_POLICY}: ${how}.`,
        awsCli(
          looking,
          'elbv2 modify-listener',
          `--listener-arn ${https.ListenerArn}`,
          `--ssl-policy ${TLS_POLICY}`,
        ),
      );
    },
  },
  {
    id: 'balancer.rules',
    ...{ group, title: 'There is room for further rules' },
    problem: 'Little or no room is left for further rules',
    why: 'Each app takes two; where none is left, no app can be added.',
    fix: 'Remove the rules of apps that are gone, or ask for more under Service Quotas.',
    async look(looking) {
      const balancer = await balancerOf(looking);
      if (!balancer) return NO_BALANCER;
      const { used, most } = await rulesUsed(looking, balancer.arn);
      const evidence = `${used} of ${most} rules are used.`;
      if (used < most * NEARLY) return pass(evidence);
      return warn(
        evidence,
        `Ask for more “Rules per Application Load Balancer”: ${quotaPage(looking, 'elasticloadbalancing')}`,
      );
    },
  },
  {
    id: 'balancer.answers',
    ...{ group, title: 'The load balancer answers' },
    problem: 'The load balancer does not answer as it should',
    why: 'Without an app’s host it should say Service Unavailable (503): then it can be reached.',
    fix: 'Look at its security group, its subnets’ route to the Internet, and its listeners.',
    async look(looking) {
      const balancer = await balancerOf(looking);
      if (!balancer) return NO_BALANCER;
      if (balancer.found.State?.Code === 'provisioning') return skip('It is not active yet.');
      return Promise.all(
        schemesOf(balancer).map((scheme) => answers(looking, balancer.found.DNSName!, scheme)),
      );
    },
  },
  ...certificateChecks,
];

type Scheme = 'http' | 'https';

function schemesOf({ http, https }: Balancer): Scheme[] {
  return [...(http ? ['http' as const] : []), ...(https ? ['https' as const] : [])];
}

async function answers(looking: Looking, name: string, scheme: Scheme): Promise<Verdict> {
  const { endpoint: emulator } = looking.aws.connection;
  // No certificate is for that name.
  const reached = await reach(`${scheme}://${name}/`, { emulator, anyCertificate: true });
  const says = `${scheme}://${name}`;
  if (!('status' in reached)) return unreached(looking, says, reached);
  if (reached.status === 503) return pass(`${says} answers 503.`, scheme);
  const evidence = `${says} answers ${reached.status} where no app’s host is asked for, not 503.`;
  return {
    ...warn(evidence, initCluster(looking), scheme),
    judges: [[scheme === 'http' ? httpListener : httpsListener, 'otherwise']],
  };
}

/** Where it got stuck says who is to be asked. */
function unreached(
  looking: Looking,
  url: string,
  { stage, error }: Exclude<Reached, { status: number }>,
): Verdict {
  const why = error.code ?? error.message;
  const scheme = url.split(':')[0];
  const says = {
    DNS: `The name of ${url} is not found in DNS (${why}).`,
    TCP: `${url} takes no connection (${why}).`,
    TLS: `${url} does not agree on TLS (${why}).`,
    HTTP: `${url} takes the connection and gives no answer (${why}).`,
  };
  const fixes = {
    DNS: 'A new one is in DNS within minutes. Otherwise ask another resolver: nslookup NAME 1.1.1.1',
    TCP: `Its security group must let in ports 80 and 443, and its subnets need a route to the Internet: ${initCluster(looking)}. From within an office, a firewall may stand between.`,
    TLS: 'Look at the certificate and the policy of the listener on port 443. From within an office, a proxy may stand between.',
    HTTP: consoleOf(looking),
  };
  return fail(says[stage], fixes[stage].replace('NAME', new URL(url).hostname), scheme);
}

function noListener(looking: Looking, port: number, why?: string): Verdict {
  return fail(
    `There is no listener on port ${port}${why ? `, although ${why}` : ''}.`,
    port === 80 ? initCluster(looking) : initCluster(looking, '--set certificate=ARN'),
    String(port),
  );
}

/** Why somebody would come by HTTPS; undefined where nobody would. */
async function needsHttps(looking: Looking): Promise<string | undefined> {
  const { http } = await rulesBy(looking);
  const redirecting = http.find(({ actions }) =>
    actions.some(({ RedirectConfig }) => RedirectConfig?.Protocol === 'HTTPS'),
  );
  if (redirecting) return `${redirecting.hosts.join(', ')} is sent on to HTTPS`;
  const hosts = http.flatMap((rule) => rule.hosts);
  const [certificate] = await issuedFor(looking, hosts);
  return certificate && `${certificate} is issued for one of the apps’ hosts`;
}

function consoleOf({ region }: Looking): string {
  return `Look at it in the console: https://${region}.console.aws.amazon.com/ec2/home?region=${region}#LoadBalancers:`;
}
