import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StepFailed } from '../../errors.ts';

/** Where the guide keeps a pair's private half. */
export function keyFile(name: string): string {
  return join(homedir(), '.ssh', `${name}.pem`);
}

export function hasKey(file: string): boolean {
  return existsSync(file);
}

/**
 * The private key in that file; made and written first, with mode 0600, where there is none.
 * A file that is there is never overwritten: a run that was cut off after writing it goes on with it.
 * @throws StepFailed when the file holds something else than a key without a passphrase.
 */
export async function obtainKey(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const pem = await generate();
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
    return pem;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const pem = await readFile(file, 'utf8');
  try {
    createPrivateKey(pem);
  } catch {
    throw new StepFailed(
      `${file} is there already and holds no key that can be used.`,
      'Move it away, or use another pair: --set key-pair=NAME, or --set key-pair=none.',
    );
  }
  return pem;
}

/** RSA, because every ssh and AWS itself takes it in this form. */
async function generate(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return privateKey;
}

/** The public half as OpenSSH writes it: "ssh-rsa AAAA…". */
export function publicLine(pem: string): string {
  const { e = '', n = '', kty } = createPublicKey(pem).export({ format: 'jwk' });
  if (kty !== 'RSA') {
    throw new StepFailed(
      'The key in the file is not an RSA key.',
      'Move the file away and run again.',
    );
  }
  const parts = [Buffer.from('ssh-rsa'), unsigned(e), unsigned(n)];
  const blob = Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
  return `ssh-rsa ${blob.toString('base64')}`;
}

/** A number whose first bit is set would read as negative: OpenSSH puts a zero byte before it. */
function unsigned(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

/** On a Mac the key is remembered across restarts. */
export function keychainFlag(platform = process.platform): string[] {
  return platform === 'darwin' ? ['--apple-use-keychain'] : [];
}
