import { keychainFlag, keyFile } from '../tasks/cluster/key-file.ts';
import { keyPair } from '../tasks/cluster/key-pair.ts';
import { loadBalancer } from '../tasks/cluster/load-balancer.ts';
import { loadBalancerUrl } from '../tasks/cluster/outputs.ts';
import type { Result } from '../tasks/graph.ts';
import type { Plan } from '../tasks/plan.ts';

/** What a person should know or do after a run, a sentence each. */
export function notesOf(plan: Plan, results: Result[]): string[] {
  const { answers, names } = plan.env;
  const made = (resource: unknown) =>
    results.some((result) => result.resource === resource && result.outcome === 'create');
  const url = loadBalancerUrl(results.find(({ resource }) => resource === loadBalancer)?.live);
  const notes = [
    ...plan.steps.flatMap(({ resource, remarks }) =>
      remarks.map((remark) => `${resource.name}: ${remark}.`),
    ),
  ];
  if (url) notes.push(`The load balancer answers at ${url} (503 until an app has a rule there).`);
  if (answers.certificate === 'none') {
    notes.push(
      'HTTPS is off: there is no certificate. When you have one in ACM, run this again with --set certificate=ARN.',
    );
  }
  if (made(keyPair)) {
    const file = keyFile(names.keyPair);
    notes.push(`Wrote the private key ${file} (mode 0600). Keep it; AWS cannot give it again.`);
    if (!answers['ssh-add'])
      notes.push(`To use it: ${['ssh-add', ...keychainFlag(), file].join(' ')}`);
  }
  return notes;
}
