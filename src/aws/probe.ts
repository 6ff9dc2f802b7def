import { request as plain } from 'node:http';
import { request as encrypted } from 'node:https';

/**
 * The status that a host answers GET / over HTTP with; undefined when it does not answer within 5 s.
 * Of an emulator no name is in DNS: there the emulator itself is asked, by that Host.
 */
export function probe(host: string, emulator?: string): Promise<number | undefined> {
  const url = emulator ?? `http://${host}`;
  const request = url.startsWith('https:') ? encrypted : plain;
  return new Promise((resolve) => {
    const asked = request(url, { headers: { host }, timeout: 5_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}
