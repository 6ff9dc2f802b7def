import { keyPair } from '../tasks/cluster/key-pair.ts';
import { keychainFlag, keyFile } from '../tasks/cluster/lib/key-file.ts';
import { issuedCertificates } from '../tasks/cluster/lib/lookups.ts';
import { loadBalancer } from '../tasks/cluster/load-balancer.ts';
import type { Env } from '../tasks/cluster/scope.ts';
import type { Result } from '../tasks/graph.ts';
import { livesOf, type Plan } from '../tasks/plan.ts';
import { remarks } from './remarks.ts';

/** What a person should know or do after a run, a sentence each; after a dry run, what the plan says. */
export async function notesOf(plan: Plan, results: Result[]): Promise<string[]> {
  const { answers, names } = plan.env as Env;
  const notes = await remarks(plan, results);
  const lives = livesOf(results);
  const { dnsName } = (lives.get(loadBalancer) ?? {}) as { dnsName?: string };
  if (dnsName) notes.push(`The load balancer’s address: http://${dnsName}`);
  if (answers.certificate === 'none') {
    notes.push(await withoutHttps(plan.env as Env));
  }
  const pair = results.find(({ resource }) => resource === keyPair);
  const { trouble } = (pair?.live ?? {}) as { trouble?: string };
  if (pair?.outcome === 'create' && !trouble) {
    const file = keyFile(names.keyPair);
    notes.push(`The private key is ${file} (mode 0600). Keep it; AWS cannot give it again.`);
    if (!answers['ssh-add']) {
      notes.push(`To use it: ${['ssh-add', ...keychainFlag(), file].join(' ')}`);
    }
  }
  if (results.length > 0 && results.every(({ error }) => !error))
    notes.push(nextStep(plan, dnsName));
  return notes;
}

async function withoutHttps({ aws }: Env): Promise<string> {
  // A note is not worth failing for, where one may not list them.
  const issued = await issuedCertificates(aws).catch(() => []);
  const [first] = issued;
  if (!first) {
    return 'HTTPS is OFF: there is no certificate. When you have one in ACM, run this again with --set certificate=ARN; add-app requests one for its app.';
  }
  const domains = issued.map(({ domain }) => domain).join(', ');
  const arn = issued.length === 1 ? first.arn : 'ARN';
  return `HTTPS is OFF, though ACM has a certificate for ${domains}: add-app takes it for the apps that it covers; for all, run this again with --set certificate=${arn}`;
}

function nextStep({ env }: Plan, dnsName?: string): string {
  // The names of an emulator's load balancers are in no DNS.
  return env.aws.connection.endpoint || !dnsName
    ? 'Next: npx digital-apps add-app --dir FOLDER-OF-AN-APP; or this again in your own account.'
    : `Next: npx digital-apps add-app --dir FOLDER-OF-AN-APP. Until then http://${dnsName} says 503.`;
}
