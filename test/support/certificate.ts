import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { sandboxDirectory } from '../../src/sandbox/paths.ts';
import { findPython } from '../../src/sandbox/python.ts';

/** As ACM takes it, and the moment when it is good no more. */
interface ShortLived {
  Certificate: Buffer;
  PrivateKey: Buffer;
  expires: Promise<void>;
}

/** Of a certificate: long enough to import it. */
const SECONDS = 3;

/** A certificate of one's own for that host, which expires within a few seconds. */
export async function shortLived(host: string): Promise<ShortLived> {
  const python = await findPython(await sandboxDirectory());
  const script = fileURLToPath(new URL('./certificate.py', import.meta.url));
  const { stdout } = await execa(python, ['-B', script, host, String(SECONDS)]);
  const { certificate, key } = JSON.parse(stdout) as { certificate: string; key: string };
  return {
    Certificate: Buffer.from(certificate),
    PrivateKey: Buffer.from(key),
    expires: sleep((SECONDS + 0.1) * 1000),
  };
}
