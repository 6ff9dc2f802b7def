import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { app } from './breakages/app.ts';
import type { Breakage } from './breakages/breakage.ts';
import { instances } from './breakages/instances.ts';
import { network } from './breakages/network.ts';
import { two } from './breakages/two.ts';
import { type Clinic, newClinic } from './clinic.ts';
import { documentOf } from './world.ts';

const BREAKAGES: Breakage[] = [...network, ...instances, ...app];

let clinic: Clinic;
beforeAll(async () => {
  clinic = await newClinic();
}, 120_000);
afterAll(() => clinic?.stop());
beforeEach(() => clinic.wellAgain());

/** Without this machine's tools, of which some may be missing where the tests run. */
async function diagnose() {
  return documentOf(await clinic.machine.run('doctor', '--all', '--json', '--skip', 'machine'));
}

async function expectHealth() {
  const { checks, causes } = await diagnose();
  const amiss = checks.filter(({ status }) => status === 'fail' || status === 'warn');
  expect(amiss.map(({ id, evidence }) => `${id} ${evidence}`)).toEqual([]);
  expect(causes).toEqual([]);
}

test('a cluster and an app that are well have no finding', expectHealth);

test.each(BREAKAGES)('$what: $cause', async ({ cause, follows, happen }) => {
  const mend = await happen(clinic);
  const { causes, checks, calls } = await diagnose();
  if (mend) await mend();
  const failed = checks.filter(({ status }) => status === 'fail');
  const seen = failed.map(({ id, evidence }) => `${id} ${evidence}`).join('\n');
  // The one cause, so that nobody is led astray; and what the breakage before had left is gone.
  expect(
    causes.map(({ id }) => id),
    seen,
  ).toEqual([cause]);
  expect(calls.changing).toBe(0);
  expect(causes[0]!.follows, seen).toEqual(expect.arrayContaining(follows));
});

test.each(two)('$what: both are named', async ({ causes: names, happen }) => {
  const mend = await happen(clinic);
  const { causes, checks } = await diagnose();
  await mend();
  const failed = checks.filter(({ status }) => status === 'fail');
  const seen = failed.map(({ id, evidence }) => `${id} ${evidence}`).join('\n');
  expect(causes.map(({ id }) => id).sort(), seen).toEqual(names);
});

test('and are well again once all of it is mended', async () => {
  const { exitCode, stderr } = await clinic.machine.run(
    ...['init-cluster', '--yes', '--replace-instances', '--set', 'key-pair=none'],
  );
  expect(exitCode, stderr).toBe(0);
  await expectHealth();
});
