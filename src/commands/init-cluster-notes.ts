import { keyPair } from '../tasks/cluster/key-pair.ts';
import { keychainFlag, keyFile } from '../tasks/cluster/lib/key-file.ts';
import { loadBalancer } from '../tasks/cluster/load-balancer.ts';
import type { Result } from '../tasks/graph.ts';
import { needsOf, type Plan, remarksOf } from '../tasks/plan.ts';
import type { AnyResource, Live } from '../tasks/resource.ts';

/** What a person should know or do after a run, a sentence each; after a dry run, what the plan says. */
export function notesOf(plan: Plan, results: Result[]): string[] {
  const { answers, names } = plan.env;
  const notes = results.length > 0 ? remarksAfter(plan, results) : remarksBefore(plan);
  const lives = livesOf(results);
  const { dnsName } = (lives.get(loadBalancer) ?? {}) as { dnsName?: string };
  if (dnsName) notes.push(`The load balancer’s address: http://${dnsName}`);
  if (answers.certificate === 'none') {
    notes.push(
      'HTTPS is OFF: there is no certificate. When you have one in ACM, run this again with --set certificate=ARN.',
    );
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

function nextStep({ env }: Plan, dnsName?: string): string {
  // The names of an emulator's load balancers are in no DNS.
  return env.aws.connection.endpoint || !dnsName
    ? 'Next: npx digital-apps init-cluster --dry-run, in your own account.'
    : `Next: curl -i http://${dnsName} says 503 until an app is there; docs/guide.md tells how to add one.`;
}

function remarksBefore({ steps }: Plan): string[] {
  return steps.flatMap(({ resource, remarks }) => remarks.map(say(resource)));
}

function remarksAfter({ env }: Plan, results: Result[]): string[] {
  const lives = livesOf(results);
  return results.flatMap(({ resource, live, error }) =>
    live && !error
      ? remarksOf(resource, env, live, needsOf(resource, lives)).map(say(resource))
      : [],
  );
}

function livesOf(results: Result[]): Map<AnyResource, Live | undefined> {
  return new Map(results.map(({ resource, live }) => [resource, live]));
}

function say({ name }: AnyResource): (remark: string) => string {
  return (remark) => `${name}: ${remark}.`;
}
