import { afterAll, beforeAll, expect, test } from 'vitest';
import { app } from './breakages/app.ts';
import type { Breakage } from './breakages/breakage.ts';
import { instances } from './breakages/instances.ts';
import { network } from './breakages/network.ts';
import { two } from './breakages/two.ts';
import { type Clinic, newClinic, type Patient } from './clinic.ts';
import { documentOf } from './world.ts';

const BREAKAGES: Breakage[] = [...network, ...instances, ...app];

let clinic: Clinic;
beforeAll(async () => {
  clinic = await newClinic();
}, 120_000);
afterAll(() => clinic?.stop());

/** Without this machine's tools, of which some may be missing where the tests run. */
async function diagnose({ machine }: Patient) {
  return documentOf(await machine.run('doctor', '--all', '--json', '--skip', 'machine'));
}

test('a cluster and an app that are well have no finding', async () => {
  const patient = await clinic.copy();
  const { checks, causes } = await diagnose(patient);
  await patient.stop();
  const amiss = checks.filter(({ status }) => status === 'fail' || status === 'warn');
  expect(amiss.map(({ id, evidence }) => `${id} ${evidence}`)).toEqual([]);
  expect(causes).toEqual([]);
});

test.each(BREAKAGES)('$what: $cause', async ({ cause, follows, happen, recorded = [] }) => {
  const patient = await clinic.copy();
  await happen(patient);
  for (const recording of recorded) await recording.lay(patient);
  const { causes, checks, calls } = await diagnose(patient);
  await patient.stop();
  const failed = checks.filter(({ status }) => status === 'fail');
  const seen = failed.map(({ id, evidence }) => `${id} ${evidence}`).join('\n');
  // The one cause, so that nobody is led astray.
  expect(
    causes.map(({ id }) => id),
    seen,
  ).toEqual([cause]);
  expect(calls.changing).toBe(0);
  expect(causes[0]!.follows, seen).toEqual(expect.arrayContaining(follows));
});

test.each(two)('$what: both are named', async ({ causes: names, happen, recorded = [] }) => {
  const patient = await clinic.copy();
  await happen(patient);
  for (const recording of recorded) await recording.lay(patient);
  const { causes, checks } = await diagnose(patient);
  await patient.stop();
  const failed = checks.filter(({ status }) => status === 'fail');
  const seen = failed.map(({ id, evidence }) => `${id} ${evidence}`).join('\n');
  expect(causes.map(({ id }) => id).sort(), seen).toEqual(names);
});
