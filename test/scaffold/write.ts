/** Writes a file as the program would, in a process of its own, and tells as JSON how that went. */
import { readdirSync } from 'node:fs';
import { checkWritable, readInside, writeInside } from '../../src/scaffold/files.ts';

const [what, dir, path, length] = process.argv.slice(2) as [string, string, string, string];
const content = 'new '.repeat(Number(length) / 4);
const told = await run().catch(({ name, message, fix }) => ({ name, message, fix }));
console.log(JSON.stringify({ told, left: readdirSync(dir, { recursive: true }).sort() }));

async function run(): Promise<unknown> {
  if (what === 'read') return readInside(dir, path);
  if (what === 'check') return checkWritable(dir, path);
  await writeInside(dir, path, content, { executable: false });
}
