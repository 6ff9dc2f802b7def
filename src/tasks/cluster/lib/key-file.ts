import { createPublicKey, generateKeyPair } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StepFailed } from '../../../errors.ts';

/** Where the guide keeps a pair's private half. */
export function keyFile(name: string): string {
  return join(homedir(), '.ssh', `${name}.pem`);
}

/**
 * The public half of the private key in that file; undefined where there is no file.
 * @throws StepFailed when it holds something else than an RSA key without a passphrase.
 */
export async function publicHalf(file: string): Promise<string | undefined> {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (pem === undefined) return undefined;
  try {
    return publicLine(pem);
  } catch {
    throw new StepFailed(
      `${file} is there already and holds no key that can be used.`,
      'Move it away, or use another pair: --set key-pair=NAME, or --set key-pair=none.',
    );
  }
}

/**
 * Makes a private key in that file, mode 0600, and answers with its public half. A file that is
 * there is never overwritten: a run that was cut off after writing it goes on with what it holds.
 */
export async function obtainKey(file: string): Promise<string> {
  const there = await publicHalf(file);
  if (there) return there;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const pem = await generate();
  // A link comes into being whole or not at all, and never in place of a file.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, pem, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return (await publicHalf(file))!;
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

/** As OpenSSH writes it: "ssh-rsa AAAA…". */
function publicLine(pem: string): string {
  const { e = '', n = '', kty } = createPublicKey(pem).export({ format: 'jwk' });
  if (kty !== 'RSA') throw new Error('not an RSA key');
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
