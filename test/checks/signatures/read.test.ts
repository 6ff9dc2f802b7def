import { describe, expect, test } from 'vitest';
import { read } from '../../../src/checks/signatures/read.ts';

const NOW = new Date('2026-11-23T10:00:00Z');

function pairs(time: string, msg: string, level = 'error'): string {
  return `level=${level} time=2026-11-23T${time}Z msg=${JSON.stringify(msg)} module=agent.go`;
}

function idsIn(...lines: string[]): string[] {
  return read(lines.join('\n'), NOW).map(({ signature }) => signature.id);
}

const NO_CREDENTIALS = 'NoCredentialProviders: no valid providers in chain';
const TIMEOUT =
  'Unable to register as a container instance with ECS: Post "https://ecs.us-east-2.amazonaws.com/": dial tcp 52.95.18.1:443: i/o timeout';
const EOF = 'websocket: close 1006 (abnormal closure): unexpected EOF';

describe('an agent’s log', () => {
  test('is read from the agent’s last start', () => {
    const starting = pairs('09:50:00', 'Starting Amazon ECS Agent', 'info');
    expect(idsIn(pairs('09:40:00', NO_CREDENTIALS), starting)).toEqual([]);
    expect(idsIn(starting, pairs('09:51:00', NO_CREDENTIALS))).toEqual(['credentials.none']);
    expect(
      idsIn(
        `2026-11-23T09:40:00Z [ERROR] ${NO_CREDENTIALS}`,
        '2026-11-23T09:50:00Z [INFO] Starting Agent: Amazon ECS Agent - v1.20.3 (09d9aa6)',
      ),
    ).toEqual([]);
  });

  test('shows the deepest cause first', () => {
    const ids = idsIn(
      pairs('09:50:01', 'Agent will terminally exit, unable to register container instance'),
      pairs('09:50:02', TIMEOUT),
      pairs('09:50:03', NO_CREDENTIALS),
      pairs('09:50:04', 'Successfully created a cluster', 'info'),
      'Cloud-init v. 22.2.2 finished at Mon, 23 Nov 2026 09:49:00 +0000. Datasource DataSourceNone. Up 22.36 seconds',
    );
    expect(ids).toEqual([
      'boot.cloud-init',
      'cluster.default',
      'credentials.none',
      'network.no-way-out',
      'registration.gave-up',
    ]);
  });

  test('counts as over what came before the agent registered, but not the wrong cluster', () => {
    const joined = pairs('09:55:00', 'Registration completed successfully', 'info');
    expect(idsIn(pairs('09:50:00', TIMEOUT), joined)).toEqual([]);
    expect(idsIn(joined, pairs('09:56:00', TIMEOUT))).toEqual(['network.no-way-out']);
    const created = pairs('09:50:00', 'Successfully created a cluster', 'info');
    expect(idsIn(created, joined)).toEqual(['cluster.default']);
    expect(idsIn(pairs('09:50:00', 'write /data/x: no space left on device'), joined)).toEqual([
      'host.disk-full',
    ]);
  });

  test('makes much of passing trouble only while it goes on', () => {
    expect(idsIn(pairs('09:58:00', EOF))).toEqual([]);
    const burst = ['09:58:00', '09:58:10', '09:58:20'];
    expect(idsIn(...burst.map((time) => pairs(time, EOF)))).toEqual([]);
    const past = ['08:00:00', '08:05:00', '08:10:00'];
    expect(idsIn(...past.map((time) => pairs(time, EOF)))).toEqual([]);
    const lasting = ['09:45:00', '09:52:00', '09:58:00'];
    expect(idsIn(...lasting.map((time) => pairs(time, EOF)))).toEqual(['session.eof']);
  });

  test('says nothing of errors that nobody knows, nor of a word in the middle', () => {
    expect(idsIn(pairs('09:58:00', 'error: something new'), 'error', '{"level":"error"}')).toEqual(
      [],
    );
    expect(idsIn(pairs('09:58:00', `the app wrote "we met ${NO_CREDENTIALS}"`))).toEqual([]);
  });

  test('is read where it was cut in the middle of a line, and where it is empty', () => {
    expect(idsIn('ror time=2026-11-23T09:5', pairs('09:51:00', NO_CREDENTIALS))).toEqual([
      'credentials.none',
    ]);
    expect(read('', NOW)).toEqual([]);
  });

  test('may be the console’s, with the kernel’s times', () => {
    expect(
      idsIn('[  912.804523] Out of memory: Killed process 3012 (dockerd) total-vm:1200kB'),
    ).toEqual(['host.out-of-memory']);
    // A container that met its own limit is no trouble of the host.
    expect(idsIn('[  912.804523] Memory cgroup out of memory: Killed process 3012 (node)')).toEqual(
      ['exit.memory'],
    );
  });
});

describe('what a line holds of secrets is not shown', () => {
  const secret = 's3cr3t-Value/9';
  test.each([
    `DATABASE_URL=postgres://app:${secret}@db.example.gov/parks`,
    `postgres://app:${encodeURIComponent(secret)}@db.example.gov/parks`,
    `SESSION_KEY="${secret}"`,
    `Env:[NODE_ENV=production API_PIN=${secret}]`,
    `{"Environment":{"API_PIN":"${secret}"}}`,
    `{\\"API_PIN\\":\\"${secret}\\"}`,
    `environment: [{"name":"pin","value":"${secret}"}]`,
    `password: ${secret}`,
    `db_pass=${secret}`,
    `secret_key=${secret}`,
    `Authorization: Bearer ${secret}`,
    `X-Amz-Security-Token: ${secret}`,
    `https://s3.amazonaws.com/x?X-Amz-Credential=${secret}&X-Amz-Signature=${secret}`,
  ])('%s', (text) => {
    const log = pairs('09:58:00', `failed: no space left on device: ${text}`);
    const [sign] = read(log, NOW);
    expect(sign?.line).toContain('no space left on device');
    expect(sign?.line).toContain('***');
    expect(sign?.line).not.toMatch(/s3cr3t|Value/);
  });

  test('keys and tokens of AWS’s own forms, wherever they stand', () => {
    const keys = [
      'AKIAIOSFODNN7EXAMPLE',
      'ASIAIOSFODNN7EXAMPLE',
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl`,
      'IQoJb3JpZ2luX2VjE'.repeat(12),
    ];
    const [sign] = read(pairs('09:58:00', `no space left on device: ${keys.join(' ')}`), NOW);
    expect(sign?.line).toBe('no space left on device: *** *** *** *** ***');
  });

  test('and what is long is cut', () => {
    const [sign] = read(
      pairs('09:58:00', `no space left on device: ${'all of it '.repeat(99)}`),
      NOW,
    );
    expect(sign?.line).toHaveLength(300);
  });
});
