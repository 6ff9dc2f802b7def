import { type Sandbox, sandboxStatus, startSandbox, stopSandbox } from './sandbox.ts';

export type SandboxAction = 'start' | 'status' | 'stop';

/**
 * `digital-apps sandbox start|status|stop`: says its sentences through `write`, and returns the
 * exit code; the status of a stopped sandbox is 1. Throws UserError.
 */
export async function runSandboxCommand(
  action: SandboxAction,
  write: (line: string) => void,
): Promise<number> {
  if (action === 'stop') {
    const stopped = await stopSandbox();
    write(
      stopped
        ? 'The sandbox is stopped, and all that was in it is gone.'
        : 'No sandbox is running.',
    );
    return 0;
  }
  const sandbox =
    action === 'start' ? await startSandbox({ onProgress: write }) : await sandboxStatus();
  if (!sandbox) {
    write('No sandbox is running. Start one: digital-apps sandbox start');
    return 1;
  }
  for (const line of describe(sandbox)) write(line);
  return 0;
}

function describe({ endpoint, pid }: Sandbox): string[] {
  return [
    `SANDBOX: a local AWS at ${endpoint} (process ${pid}).`,
    'Nothing here reaches a real account.',
    '',
    'Make:  digital-apps init-cluster --sandbox --yes',
    'Look:  digital-apps status --sandbox; or any AWS tool, after these three lines',
    `  export AWS_ENDPOINT_URL=${endpoint}`,
    // Version 1 of the AWS CLI knows the second name alone.
    '  export AWS_REGION=us-east-2 AWS_DEFAULT_REGION=us-east-2',
    '  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox',
    'End:   digital-apps sandbox stop',
  ];
}
