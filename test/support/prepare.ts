import { sandboxDirectory } from '../../src/sandbox/paths.ts';
import { findPython } from '../../src/sandbox/python.ts';

/** Once, before all tests: where python3 lacks the local AWS, installing it takes about a minute. */
export default async function prepare(): Promise<void> {
  await findPython(await sandboxDirectory(), { onProgress: console.error });
}
