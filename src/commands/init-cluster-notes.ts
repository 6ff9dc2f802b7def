import { keyPair } from '../tasks/cluster/key-pair.ts';
import { keychainFlag, keyFile } from '../tasks/cluster/lib/key-file.ts';
import { loadBalancer } from '../tasks/cluster/load-balancer.ts';
import type { Env } from '../tasks/cluster/scope.ts';
import type { Result } from '../tasks/graph.ts';
import { livesOf, needsOf, type Plan, remarksOf } from '../tasks/plan.ts';
import type { AnyResource } from '../tasks/resource.ts';

/** What a person should know or do after a run, a sentence each; after a dry run, what the plan says. */
export async function notesOf(plan: Plan, results: Result[]): Promise<string[]> {
  const { answers, names } = plan.env as Env;
  const notes = results.length > 0 ? await remarksAfter(plan, results) : remarksBefore(plan);
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

/** One change may alter what is to be said of another resource, so each that has remarks is looked at again. */
async function remarksAfter({ env }: Plan, results: Result[]): Promise<string[]> {
  const lives = livesOf(results);
  const hasChanged = results.some(({ outcome }) => outcome === 'create' || outcome === 'change');
  const remarks = await Promise.all(
    results.map(async ({ resource, live, error }) => {
      if (!live || error) return [];
      const isFresh = !resource.remarks || !hasChanged || env.signal.aborted;
      const now = isFresh ? live : ((await resource.read(env).catch(() => undefined)) ?? live);
      return remarksOf(resource, env, now, needsOf(resource, lives)).map(say(resource));
    }),
  );
  return remarks.flat();
}

function say({ name }: AnyResource): (remark: string) => string {
  return (remark) => `${name}: ${remark}.`;
}
