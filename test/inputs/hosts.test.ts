import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { covers, parseHost } from '../../src/hosts.ts';

test.each([
  ['parks.boston.gov', 'parks.boston.gov'],
  ['  Parks.Boston.GOV. ', 'parks.boston.gov'],
  ['311.boston.gov', '311.boston.gov'],
  ['a.b-c--d.e.co', 'a.b-c--d.e.co'],
  ['straße.example', 'xn--strae-oqa.example'],
  ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
  ['XN--R8JZ45G.xn--zckzah', 'xn--r8jz45g.xn--zckzah'],
  ['ｐａｒｋｓ.boston.gov', 'parks.boston.gov'],
  [`${'a'.repeat(63)}.${'b'.repeat(60)}.gov`, `${'a'.repeat(63)}.${'b'.repeat(60)}.gov`],
])('%j is the host %s', (input, host) => {
  expect(parseHost(input)).toBe(host);
});

test.each([
  ['', 'The host is empty.'],
  ['   ', 'The host is empty.'],
  ['https://', 'The host is empty.'],
  ['*.boston.gov', 'a wildcard is for certificates'],
  ['192.0.2.1', 'it is an IP address'],
  ['192.0.2.1:80', 'it is an IP address'],
  ['127.1', 'it is an IP address'],
  ['0x7f.1', 'it is an IP address'],
  ['::1', 'it is an IP address'],
  ['https://[2001:db8::1]:443/', 'it is an IP address'],
  ['localhost', 'it has no domain'],
  ['parks.', 'it has no domain'],
  ['public_parks.boston.gov', 'not “_”'],
  ['parks boston.gov', 'not “ ”'],
  ['parks%2eboston.gov', 'not “%”'],
  ['parks,boston.gov', 'not “,”'],
  ['parks\tx.boston.gov', 'not “\t”'],
  ['parks.boston.gov:http', 'not “:”'],
  ['-parks.boston.gov', 'a hyphen stands next to a dot or an end'],
  ['parks-.boston.gov', 'a hyphen stands next to a dot or an end'],
  ['parks.boston.gov-', 'a hyphen stands next to a dot or an end'],
  ['parks..gov', 'there is nothing before one of its dots'],
  ['.boston.gov', 'there is nothing before one of its dots'],
  ['parks.gov..', 'there is nothing before one of its dots'],
  ['.', 'no name is written like that'],
  ['parks.boston.1', 'no name is written like that'],
  ['xn--a\u0301.gov', 'no name is written like that'],
  [`${'a'.repeat(64)}.gov`, '63 characters are the most between dots'],
  [`${'ä'.repeat(58)}.gov`, '63 characters are the most between dots'],
  [`${'a'.repeat(63)}.${'b'.repeat(61)}.gov`, 'it has 129 characters'],
])('%j is refused', (input, says) => {
  expect(refusal(input).message).toContain(says);
});

test.each([
  ['https://parks.boston.gov', 'leave out the scheme (https://).'],
  ['HTTPS://Parks.boston.gov/', 'leave out the scheme (HTTPS://) and the path.'],
  ['parks.boston.gov/', 'leave out the path.'],
  ['parks.boston.gov?q=1', 'leave out the path.'],
  ['parks.boston.gov:443', 'leave out the port (:443).'],
  ['parks.boston.gov.:443/a/b', 'leave out the port (:443) and the path.'],
  [
    'http://parks.boston.gov:8080/x#y',
    'leave out the scheme (http://), the port (:8080), and the path.',
  ],
])('of %j the host is offered', (input, says) => {
  const { message, fix } = refusal(input);
  expect(message).toContain(says);
  expect(fix).toBe('Use parks.boston.gov.');
});

test('a password in an address is not repeated', () => {
  const { message, fix } = refusal('https://mayor:hunter2@parks.boston.gov/x');
  expect(`${message} ${fix}`).not.toMatch(/hunter2|mayor/);
  expect(refusal('https://mayor:hunter2@localhost').message).not.toMatch(/hunter2|mayor/);
});

describe('a certificate', () => {
  test.each([
    ['parks.boston.gov', 'parks.boston.gov', true],
    ['Parks.Boston.gov', 'parks.boston.gov', true],
    ['*.boston.gov', 'parks.boston.gov', true],
    ['*.Boston.gov', 'PARKS.boston.gov.', true],
    ['*.boston.gov', 'boston.gov', false],
    ['*.boston.gov', '.boston.gov', false],
    ['*.boston.gov', 'a.parks.boston.gov', false],
    ['*.boston.gov', 'parks.notboston.gov', false],
    ['boston.gov', 'parks.boston.gov', false],
    ['*.parks.boston.gov', 'parks.boston.gov', false],
  ])('for %s serves %s: %s', (certificate, host, served) => {
    expect(covers(certificate, host)).toBe(served);
  });
});

function refusal(input: string): UserError {
  try {
    parseHost(input);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${input} was taken`);
}
