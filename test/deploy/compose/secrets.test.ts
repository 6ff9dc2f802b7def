// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how compose files name variables
import { expect, test } from 'vitest';
import { looksSecret } from '../../../src/deploy/secrets.ts';
import { appOf, FILE, fileWith, LINE, read, refusal } from './read.ts';

const VALUE = 'hunter2';

test.each([
  'PASSWORD',
  'DB_PASSWORD',
  'DBPASSWORD',
  'dbPassword',
  'DB_PASSWORD_2',
  'SMTP_PASS',
  'FTP_PWD',
  'PASSPHRASE',
  'SESSION_SECRET',
  'SECRET_KEY_BASE',
  'GITHUB_TOKEN',
  'API_KEY',
  'apiKey',
  'STRIPE_APIKEY',
  'PRIVATE_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'ENCRYPTION_KEY',
  'GOOGLE_CREDENTIALS',
  'splunk-token',
])('%s looks like a secret', (name) => {
  expect(looksSecret(name, VALUE)).toBe(true);
});

test.each([
  ['DATABASE_URL', 'postgres://app:hunter2@db.example.gov/app'],
  ['REDIS_URL', 'redis://:hunter2@cache.example.gov'],
  ['CONNECTION', 'Server=db;User Id=app;Password=hunter2;'],
  ['CERT', '-----BEGIN RSA PRIVATE KEY-----\nMII'],
])('%s does for what it holds', (name, value) => {
  expect(looksSecret(name, value)).toBe(true);
});

test.each([
  ['NODE_ENV', 'production'],
  ['PWD', '/app'],
  ['COMPASS', 'north'],
  ['TOKEN_LIFETIME', '3600'],
  ['PASSWORD_MIN_LENGTH', '12'],
  ['API_KEY_HEADER', 'X-Api-Key'],
  ['MAX_TOKENS', '4096'],
  ['SECRET_NAME', 'permits'],
  ['AWS_ACCESS_KEY_ID', 'AKIA'],
  ['REQUIRE_PASSWORD', 'true'],
  ['CSRF_TOKEN', 'off'],
  ['DB_PASSWORD', ''],
  ['DB_PASSWORD', 'arn:aws:secretsmanager:us-east-2:123456789012:secret:db'],
  ['TLS_PRIVATE_KEY', '/etc/ssl/private/key.pem'],
  ['NEXT_PUBLIC_MAPBOX_TOKEN', 'pk.x'],
  ['DATABASE_URL', 'postgres://db.example.gov:5432/app'],
  ['HOMEPAGE', 'https://example.gov:443/@me'],
  ['REPLY_TO', 'mailto:a@example.gov'],
])('%s of %s does not', (name, value) => {
  expect(looksSecret(name, value)).toBe(false);
});

const ADVICE = (name: string) =>
  `${name} looks like a secret, and everybody who may look at the task definition could read it. Put it into the app’s .env (digital-apps add-app --env-file FILE) and take it out here. If it is none, say so at the end of this file: x-digital-apps: {plaintext: [${name}]}`;

test.each([
  ['environment:\n  DB_PASSWORD: hunter2', 'services.app.environment.DB_PASSWORD', 'DB_PASSWORD'],
  ['environment:\n  - DB_PASSWORD=hunter2', 'services.app.environment', 'DB_PASSWORD'],
  ['environment:\n  DB_PASSWORD: ${VALUE}', 'services.app.environment.DB_PASSWORD', 'DB_PASSWORD'],
  ['environment:\n  - API_TOKEN', 'services.app.environment', 'API_TOKEN'],
  ['environment:\n  SALT: "${API_TOKEN}"', 'services.app.environment.SALT', 'SALT'],
  ['environment:\n  - SALT=${NONE:-$API_TOKEN}', 'services.app.environment', 'SALT'],
  ['environment:\n  DB: mysql://u:hunter2@h/d', 'services.app.environment.DB', 'DB'],
])('%j is refused and not shown', (lines, path, name) => {
  const text = refusal(fileWith(lines), { VALUE, API_TOKEN: VALUE });
  expect(text).toBe(`${FILE}:${LINE + 1}: ${path}: ${ADVICE(name)}`);
});

test('so are the secrets of a log driver', () => {
  const options =
    'logging: {driver: splunk, options: {splunk-url: "https://x", splunk-token: hunter2}}';
  expect(refusal(fileWith(options))).toContain('splunk-token looks like a secret');
});

test.each([
  ['command: run --db=${DATABASE_URL}', 'command'],
  ['command: [run, "--db=${DATABASE_URL}"]', 'command'],
  ['command: run --key ${API_TOKEN}', 'command'],
  ['command: run --api-key=hunter2', 'command'],
  ['entrypoint: [run, "postgres://app:hunter2@db/app"]', 'entrypoint'],
  ['healthcheck: {test: "curl -H x:${API_TOKEN} localhost"}', 'healthcheck.test'],
  ['labels: {key: "${API_TOKEN}"}', 'labels.key'],
  ['labels: ["key=${API_TOKEN}"]', 'labels'],
  ['user: "${API_TOKEN}"', 'user'],
])('%s is refused and not shown, wherever in the file it is', (line, path) => {
  const variables = { DATABASE_URL: 'postgres://app:hunter2@db/app', API_TOKEN: VALUE };
  const name = path.split('.').at(-1)!;
  expect(refusal(fileWith(line), variables)).toBe(
    `${FILE}:${LINE}: services.app.${path}: ${ADVICE(name)}`,
  );
  const plain = `${fileWith(line)}x-digital-apps: {plaintext: [${name}]}\n`;
  expect(read(plain, variables).containers).toHaveLength(2);
});

test.each(['command: run --token-lifetime=60', 'command: run --secret $$TOKEN', 'user: node'])(
  '%s holds none',
  (line) => {
    expect(read(fileWith(line)).containers).toHaveLength(2);
  },
);

test('what was said to be plain text is taken', () => {
  const lines = 'environment: {MAP_TOKEN: pk.x, DB_PASSWORD: hunter2}';
  const plain = (list: string) => `${fileWith(lines)}x-digital-apps: {plaintext: ${list}}\n`;
  expect(read(plain('[MAP_TOKEN, DB_PASSWORD]')).containers[0]!.environment).toEqual([
    { name: 'MAP_TOKEN', value: 'pk.x' },
    { name: 'DB_PASSWORD', value: 'hunter2' },
  ]);
  expect(refusal(plain('MAP_TOKEN'))).toContain('DB_PASSWORD looks like a secret');
  expect(refusal(plain('[]'))).toContain('MAP_TOKEN looks like a secret');
  expect(refusal(`${fileWith('user: node')}x-digital-apps: {plain: [A]}\n`)).toBe(
    `${FILE}:9: x-digital-apps.plain: this key is not known. Take it out, or begin it with “x-” if it is your own.`,
  );
});

test('a secret that is in the .env is named nowhere', () => {
  expect(appOf('environment: {DB_PASSWORD: ""}').environment).toEqual([
    { name: 'DB_PASSWORD', value: '' },
  ]);
});
