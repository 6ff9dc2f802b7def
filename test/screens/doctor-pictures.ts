import type { Diagnosis } from '../../src/checks/diagnosis.ts';
import type { Examination, Finding } from '../../src/checks/examine.ts';
import type { Where } from '../../src/commands/conversation.ts';
import type { Scene } from '../../src/screens/stage.ts';
import * as doctor from '../doctor/fakes.ts';
import { keys } from '../support/keys.ts';
import { where as cluster } from './fakes.ts';

const where: Where = { ...cluster, command: 'doctor' };
const subject = { cluster: 'digitalApps', apps: ['parks'], region: where.region };

const shown = (diagnosis: Diagnosis, isWatching = false): Scene => ({
  ...{ kind: 'diagnosis', diagnosis, subject, isWatching, answer() {} },
});

/** With the last three not there yet, of the load balancer none, and of the account the only one. */
const looking = (findings: Finding[]): Scene => ({
  ...{ kind: 'looking', subject, findings },
  examinations: doctor.broken.findings.map(
    ({ check, app }): Examination => ({ check, app, look: async () => [] }),
  ),
});

/** The screens of the doctor. */
export const doctorPictures = [
  { name: 'doctor-start', where, scene: () => looking([]) },
  { name: 'doctor-looking', where, scene: () => looking(doctor.broken.findings.slice(3)) },
  { name: 'doctor-looked', where, scene: () => looking(doctor.broken.findings) },
  { name: 'doctor-healthy', where, scene: () => shown(doctor.healthy) },
  { name: 'doctor-warning', where, scene: () => shown(doctor.uncertain), press: [keys.right] },
  { name: 'doctor-broken', where, scene: () => shown(doctor.broken) },
  { name: 'doctor-open', where, scene: () => shown(doctor.broken), press: [keys.enter] },
  {
    ...{ name: 'doctor-rest', where, scene: () => shown(doctor.broken) },
    press: [keys.end, keys.right, keys.end],
  },
  {
    ...{ name: 'doctor-closed', where, scene: () => shown(doctor.broken) },
    press: [keys.enter, keys.down, keys.down, keys.enter],
  },
  { name: 'doctor-watching', where, scene: () => shown(doctor.twoCauses, true) },
  { name: 'doctor-help', where, scene: () => shown(doctor.broken), press: ['?'] },
  { name: 'doctor-looking-help', where, scene: () => looking([]), press: ['?'] },
  { name: 'doctor-blind', where, scene: () => shown(doctor.blind) },
];
