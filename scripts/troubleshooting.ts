/** Writes docs/troubleshooting.md: a cluster is broken in the local AWS, and asked what is wrong. */
import { writeFile } from 'node:fs/promises';
import { app } from '../test/doctor/breakages/app.ts';
import { instances } from '../test/doctor/breakages/instances.ts';
import { network } from '../test/doctor/breakages/network.ts';
import { newClinic, type Patient } from '../test/doctor/clinic.ts';

const HEAD = `<!-- Written by \`npm run capture\` from real runs against the local AWS. -->

# Troubleshooting

Ask \`npx digital-apps doctor\`: it goes through all that the guide has one look at by hand, and more, and names the cause before what follows from it. [checks.md](checks.md) has every check.

What stands below was said of a cluster that was broken in that way. Where the local AWS cannot be broken so, as in what an instance's agent writes, AWS's answer was recorded.
`;

/** What the guide says to look at, by what was broken. */
const SYMPTOMS: Record<string, string> = {
  'a group that wants no instance': 'The cluster has no instance: is at least one desired?',
  'a quota that lets EC2 start no instance':
    'The group’s instances are not healthy: what does its activity history say?',
  'a launch template that gives no public address, and instances started from it':
    'The instance has no public IPv4 address',
  'the route to the internet gateway removed':
    'The network’s route table does not send 0.0.0.0/0 out',
  'the instance role without its policy': 'The agent’s log shows permission errors',
  'an instance profile without a role': 'The instances are not given the instance role',
  'user data that names another cluster': 'The instances run, and the cluster does not have them',
  'a disk that is full': 'The agent is there, and its containers do not start',
  'the load balancer’s security group closed': 'The load balancer does not answer at its own name',
  'a health check that asks for the wrong path': 'The app’s targets are unhealthy',
  'the rule for HTTPS deleted': 'The load balancer answers Service Unavailable for an app',
  'the app’s image deleted from the registry': 'A deployment does not come to an end',
};

const clinic = await newClinic();
try {
  const all = [...network, ...instances, ...app];
  const sections: string[] = [];
  for (const [what, symptom] of Object.entries(SYMPTOMS)) {
    const found = all.find((breakage) => breakage.what === what);
    if (!found) throw new Error(`nothing breaks like “${what}”`);
    const patient = await clinic.copy();
    await found.happen(patient);
    for (const recording of found.recorded ?? []) await recording.lay(patient);
    sections.push(`## ${symptom}\n\n\`\`\`\n${await said(patient)}\n\`\`\`\n`);
    await patient.stop();
  }
  await writeFile('docs/troubleshooting.md', [HEAD, ...sections].join('\n'));
} finally {
  await clinic.stop();
}

/** What stands at the end: the causes. */
async function said({ machine }: Patient): Promise<string> {
  const { stdout } = await machine.run('doctor', '--all', '--plain', '--skip', 'machine');
  return stdout
    .slice(stdout.indexOf('\n✖ ') + 1)
    .split(/\n[!✔] /)[0]!
    .trim();
}
