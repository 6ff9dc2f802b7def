/** Shows a run of forty rows on the terminal it is started in; then appends its figures to the file named. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { guidedConversation } from '../src/screens/conversation.ts';
import type { Env, Scope } from '../src/tasks/env.ts';
import type { Plan } from '../src/tasks/plan.ts';
import { type AnyResource, declaring } from '../src/tasks/resource.ts';
import { SECTIONS } from '../src/tasks/sections.ts';

const { resource } = declaring<Scope>();
const ROWS = 40;
/** As busy as a run gets: each row says something new once a second. */
const PAUSE = 1000 / ROWS;
const [, , mode, file = ''] = process.argv;

const resources: AnyResource[] = Array.from({ length: ROWS }, (_, index) =>
  resource({
    ...{ name: `Resource ${index + 1}`, section: SECTIONS[index % SECTIONS.length]! },
    ...{ why: 'To be looked at.', docs: 'https://docs.aws.amazon.com', needs: {}, set: {} },
    ...{ read: async () => undefined, wanted: () => ({}), create: async () => ({ id: '1' }) },
  }),
);
const plan: Plan = {
  env: {} as Env,
  steps: resources.map((one) => ({
    ...{
      resource: one,
      action: 'create',
      differences: [],
      remarks: [],
      preview: [],
      attention: [],
      chosen: false,
    },
  })),
};

let events = 0;
const conversation = guidedConversation({
  onInterrupt: () => process.exit(130),
  onCrash: (error) => {
    throw error;
  },
});
conversation.where({
  ...{ command: 'init-cluster', account: '123456789012', caller: '::::user/bench' },
  ...{ region: 'us-east-2', sandbox: false },
});
conversation.running(plan, () => events);
for (const one of resources) conversation.progress({ resource: one, state: 'started' });

function say(): void {
  const one = resources[events % ROWS]!;
  events += 1;
  conversation.progress({ resource: one, state: 'waiting', text: `AWS is busy: ${events}` });
}

async function runFor(seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    say();
    await sleep(PAUSE);
  }
}

/** So many events as fast as they are drawn, and the heap that is left in use, in MB. */
async function heapAfter(count: number): Promise<number> {
  for (let index = 0; index < count; index += 1) {
    say();
    if (index % 20 === 0) await sleep(1);
  }
  await sleep(100);
  globalThis.gc!();
  return process.memoryUsage().heapUsed / 1e6;
}

if (mode === 'soak') {
  const before = await heapAfter(4_000);
  const after = await heapAfter(20_000);
  writeFileSync(file, String(after - before));
} else {
  await runFor(1);
  const begun = { cpu: process.cpuUsage(), at: performance.now() };
  await runFor(8);
  const { user, system } = process.cpuUsage(begun.cpu);
  writeFileSync(file, String((user + system) / 1e3 / (performance.now() - begun.at)));
}
conversation.close();
process.exit(0);
