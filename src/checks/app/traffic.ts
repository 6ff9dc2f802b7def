import { reach } from '../../aws/probe.ts';
import { covers } from '../../hosts.ts';
import { findCluster } from '../../tasks/app/cluster.ts';
import { dnsStates } from '../../tasks/app/dns.ts';
import { type AppLooking, type Check, fail, pass, skip, type Verdict, warn } from '../check.ts';
import { balancerOf, NO_BALANCER, rulesBy } from '../lookups/balancer.ts';
import { distributionOf, originsOf } from '../lookups/distributions.ts';
import { leadsTo } from '../lookups/names.ts';
import { serviceOf } from '../lookups/services.ts';
import { healthPathOf } from '../lookups/target-groups.ts';
import { rules } from './traffic-rules.ts';
import { addApp, consoleOf, tailLogs } from './words.ts';

const group = 'Traffic';
const NO_HOSTS = skip('No rule of the load balancer names a host of the app.');

export const trafficChecks: Check<AppLooking>[] = [
  {
    id: 'traffic.rules',
    ...{ group, title: 'The load balancer sends the app’s hosts to the app' },
    problem: 'The load balancer does not send the app all of its traffic',
    why: 'Without a rule for its host, all that people see is Service Unavailable.',
    fix: 'add-app makes the rules; one of somebody else’s that comes first must get a higher number.',
    isMendable: true,
    look: rules,
  },
  {
    id: 'traffic.dns',
    ...{ group, title: 'The app’s hosts lead to the load balancer' },
    problem: 'A host of the app does not lead to the load balancer',
    why: 'By its name browsers find the way.',
    fix: 'add-app makes the record where the zone is in this account; elsewhere ask those who keep it.',
    isMendable: true,
    async look(looking) {
      const { hosts } = looking.app;
      if (hosts.length === 0) return NO_HOSTS;
      if (looking.aws.connection.endpoint) return dnsByZones(looking);
      return Promise.all(hosts.map((host) => dns(host, looking)));
    },
  },
  {
    id: 'traffic.answers',
    ...{ group, title: 'The app answers' },
    problem: 'The app does not answer as it should',
    why: 'What browsers see is what counts.',
    fix: 'What comes before it in this report usually says why it does not.',
    async look(looking) {
      const { hosts } = looking.app;
      if (hosts.length === 0) return NO_HOSTS;
      if (!(await serviceOf(looking))) return skip('Not deployed yet.');
      return Promise.all(hosts.map((host) => answers(host, looking)));
    },
  },
  {
    id: 'traffic.distribution',
    ...{ group, title: 'CloudFront serves the app’s assets' },
    problem: 'CloudFront is not ready to serve the app’s assets',
    why: 'Pages look broken where their scripts and pictures are missing.',
    fix: 'Enable the distribution; add-app sets its origin right.',
    isMendable: true,
    async look(looking) {
      const { hosts } = looking.app;
      const found = await distributionOf(looking);
      if (!found) return skip('The app has no CloudFront distribution.');
      const { Id: id, Enabled: enabled, Status: status } = found;
      const origins = originsOf(found);
      const page = `https://console.aws.amazon.com/cloudfront/v4/home#/distributions/${id}`;
      if (!enabled) return fail(`The distribution ${id} is disabled.`, `Enable it: ${page}`);
      if (hosts.length > 0 && !origins.some((origin) => hosts.includes(origin))) {
        return fail(
          `The distribution ${id} asks ${origins.join(', ')}, which is none of the app’s hosts.`,
          addApp(looking),
        );
      }
      if (status === 'Deployed') return pass(`${id} is deployed and asks ${origins.join(', ')}.`);
      return warn(`CloudFront is still spreading ${id}.`, 'Wait: this usually takes 3–10 minutes.');
    },
  },
];

/** An emulator's names are in no DNS: what its zones say stands for it. */
async function dnsByZones(looking: AppLooking): Promise<Verdict[]> {
  const { app } = looking;
  const states = await dnsStates({ ...looking, cluster: await findCluster(looking) }, app.hosts);
  return Object.entries(states).map(([host, state]) => {
    if (state === 'ours') return pass(`${host} leads to the load balancer.`, host);
    if (state === 'no zone') return skip(`${host} is in no zone of the emulator.`);
    if (state === 'wanted') return fail(`${host} has no record.`, addApp(looking), host);
    return fail(
      `${host} leads elsewhere: ${state.foreign}.`,
      `Delete that record. ${addApp(looking)}`,
      host,
    );
  });
}

async function dns(host: string, looking: AppLooking): Promise<Verdict> {
  const [balancer, distribution] = await Promise.all([
    balancerOf(looking),
    // A host that leads there is rare, and not everybody may look.
    distributionOf(looking).catch(() => undefined),
  ]);
  if (!balancer) return NO_BALANCER;
  const name = balancer.found.DNSName!;
  const ends = [name, ...(distribution ? [distribution.DomainName!] : [])];
  const { isThere, addresses } = await leadsTo(host, ends);
  if (isThere) return pass(`${host} leads to ${name}.`, host);
  const wanted = `A record is wanted: ${host} CNAME ${name} (or an alias). Where the zone is in this account, add-app makes it. ${addApp(looking)}`;
  if (addresses.length === 0) return fail(`${host} is not in DNS.`, wanted, host);
  return fail(
    `${host} leads to ${addresses.join(', ')}, which is not the load balancer.`,
    wanted,
    host,
  );
}

async function answers(host: string, looking: AppLooking): Promise<Verdict> {
  const { endpoint: emulator } = looking.aws.connection;
  const [{ https }, path] = await Promise.all([rulesBy(looking), healthPathOf(looking)]);
  const isServed = https.some(({ hosts }) => hosts.some((name) => covers(name, host)));
  const url = `${isServed ? 'https' : 'http'}://${host}${path}`;
  const reached = await reach(url, { emulator });
  if (!('status' in reached)) {
    const { stage, error } = reached;
    const what = {
      DNS: 'its name is not found in DNS',
      TCP: 'nothing takes the connection',
      TLS: 'the two sides do not agree on TLS, or the certificate does not fit',
      HTTP: 'the connection is taken and no answer given',
    }[stage];
    return fail(
      `${url} does not answer: ${what} (${error.code ?? error.message}).`,
      `curl -v ${url}`,
      host,
    );
  }
  const { status, location } = reached;
  if (status >= 200 && status < 300) return pass(`${url} answers ${status}.`, host);
  if (emulator && (status === 502 || status === 503))
    return skip('An emulator runs no containers.');
  const evidence = `${url} answers ${status}${location ? `, to ${location}` : ''}.`;
  if (status === 503) {
    return fail(`${evidence} No healthy container is there to answer.`, consoleOf(looking), host);
  }
  if (status === 502 || status === 504) {
    const says = status === 502 ? 'broke off the connection' : 'took too long';
    return fail(`${evidence} The app ${says}.`, tailLogs(looking), host);
  }
  if (status >= 500) return fail(evidence, tailLogs(looking), host);
  return warn(
    evidence,
    `The health check’s path should answer 200, without a login or redirect: ${tailLogs(looking)}`,
    host,
  );
}
