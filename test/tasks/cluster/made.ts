import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import type { TestProject } from 'vitest/node';
import { awsClients } from '../../support/clients.ts';
import { startEmulator } from '../../support/emulator.ts';
import { startFaults } from '../../support/faults.ts';
import { newMachine, type RunDocument } from '../../support/program.ts';

/** One whole cluster, made by one run of the program with these answers. */
export interface Made {
  endpoint: string;
  home: string;
  document: RunDocument;
  stderr: string;
  certificate: string;
  /** How many calls of the run could change something, counted on the wire. */
  changingCalls: number;
}

declare module 'vitest' {
  export interface ProvidedContext {
    made: Made;
  }
}

export default async function setup({ provide }: TestProject) {
  const emulator = await startEmulator();
  const faults = await startFaults(emulator.endpoint);
  const certificate = await issuedCertificate(emulator.endpoint);
  const machine = await newMachine(faults.endpoint);
  const set = ['container-insights=yes', 'ssh-cidrs=203.0.113.0/24', `certificate=${certificate}`];
  const ran = await machine.run(
    ...['init-cluster', '--yes', '--json'],
    ...set.flatMap((answer) => ['--set', answer]),
  );
  if (ran.exitCode !== 0) throw new Error(`the cluster was not made:\n${ran.stderr}`);
  provide('made', {
    endpoint: emulator.endpoint,
    home: machine.home,
    document: ran.json,
    stderr: ran.stderr,
    certificate,
    changingCalls: faults.calls.filter(({ changing }) => changing).length,
  });
  return async () => {
    await faults.stop();
    await emulator.stop();
    await machine.remove();
  };
}

async function issuedCertificate(endpoint: string): Promise<string> {
  const { CertificateSummaryList } = await awsClients(endpoint).acm.send(
    new ListCertificatesCommand({}),
  );
  return CertificateSummaryList?.[0]?.CertificateArn ?? '';
}
