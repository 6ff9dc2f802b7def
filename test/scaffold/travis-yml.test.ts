import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { UserError } from '../../src/errors.ts';
import { BEFORE_DEPLOY } from '../../src/scaffold/travis-config.ts';
import { mergeTravisYml } from '../../src/scaffold/travis-yml.ts';
import { SHAPES, type Shape } from './travis-shapes.ts';

const template = (branch: string) => `# The build.
language: node_js

before_deploy:
- ./deploy/install-ecs-cli.sh

# What deploys it.
deploy:
  provider: script
  # Any failure here stops the deploy.
  script: node ./deploy/ecs-deploy.js
  on:
    branch: ${branch}
`;

function merge(existing: string | undefined, { branch = 'develop', isPlain }: Partial<Shape> = {}) {
  const beforeDeploy = isPlain ? undefined : BEFORE_DEPLOY;
  return mergeTravisYml(existing, template(branch), { branch, beforeDeploy });
}

const withCrlf = (text: string) => text.replaceAll('\n', '\r\n');
const meaning = (text: string) => parse(text, { schema: 'core', merge: true });

test.each([undefined, '', '\n  \n'])('without a file (%j), the template is it', (existing) => {
  expect(merge(existing)).toBe(template('develop'));
});

describe.each(SHAPES)('$title', (shape) => {
  const { before, after = before } = shape;

  test('becomes what it should, and stays so', () => {
    expect(merge(before, shape)).toBe(after);
    expect(merge(after, shape)).toBe(after);
  });

  test('in a file with CRLF', () => {
    expect(merge(withCrlf(before), shape)).toBe(withCrlf(after));
  });

  test('in a file that does not end with a newline, or begins with a byte order mark', () => {
    expect(meaning(merge(before.trimEnd(), shape))).toEqual(meaning(after));
    expect(merge(`\ufeff${before}`, shape)).toBe(`\ufeff${after}`);
  });

  test('keeps what it says beside that, in the same order', () => {
    const { deploy, before_deploy, jobs, ...rest } = meaning(before) ?? {};
    const kept = Object.keys(meaning(after)).filter((key) => key in rest);
    expect(kept).toEqual(Object.keys(rest));
    expect(meaning(after)).toMatchObject(rest);
  });
});

test('branch after branch, entries come together, and none twice', () => {
  const branches = ['develop', 'staging', 'production', 'staging', 'develop'];
  const all = branches.reduce<string>((text, branch) => merge(text, { branch }), 'os: linux\n');
  expect(meaning(all).deploy.map((entry: { on: unknown }) => entry.on)).toEqual([
    { branch: 'develop' },
    { branch: 'staging' },
    { branch: 'production' },
  ]);
  expect(meaning(all).before_deploy).toEqual([BEFORE_DEPLOY]);
});

test('whatever the parts are like, what stands around them stays as it is', () => {
  const head = '# of parks\nlanguage:   node_js\n\n# Node\nnode_js:\n    - "8" # LTS\n';
  const tail = '\n# Who hears of it\nnotifications:\n  email: {on_success: never}\n';
  const deploys = [
    '',
    'deploy:\n  provider: npm\n  on:\n    tags: true\n',
    'deploy:\n    - provider: npm\n      on: {tags: true}\n',
    'deploy: [{provider: npm}]\n',
    'deploy: {provider: npm}\n',
    'deploy:\n',
    'deploy:\n- provider: script\n  script: node deploy/ecs-deploy.js\n  on: {branch: develop}\n',
  ];
  const befores = [
    '',
    'before_deploy: npm run build\n',
    'before_deploy: |\n  one\n  two\n',
    'before_deploy:\n      - a\n      - ./deploy/install-ecs-cli.sh\n',
    'before_deploy: [./deploy/install-ecs-cli.sh]\n',
    'before_deploy:\n',
  ];
  for (const deploy of deploys)
    for (const before of befores)
      for (const parts of [deploy + before, before + deploy])
        for (const isPlain of [true, false]) {
          const merged = merge(head + parts + tail, { isPlain });
          expect(merged.slice(0, head.length)).toBe(head);
          expect(merged).toContain(tail);
          expect(merge(merged, { isPlain })).toBe(merged);
        }
});

test('a template whose deploy is a list gives its entry', () => {
  const listed =
    'deploy:\n  - provider: script\n    script: node deploy/ecs-deploy.js\n    on:\n      branch: a\n';
  const merged = mergeTravisYml('deploy:\n  - provider: npm\n', listed, { branch: 'a' });
  expect(merged).toBe(`deploy:\n  - provider: npm\n${listed.replace('deploy:\n', '')}`);
});

describe('refuses, and says where', () => {
  test.each([
    ['a tab', 'language: node_js\nscript:\n\t- npm test\n', /line 3, column 1: Tabs/],
    [
      'a name twice',
      'deploy: a\ncache: npm\ndeploy: b\n',
      /line 3, column 1: Map keys must be unique/,
    ],
    ['an alias of nothing', 'a: 1\nb: *x\n', /line 2, column 4: \*x is not defined above/],
    ['an open bracket', 'script: [a, b\nc: d\n', /line \d, column \d+/],
    ['several documents', 'a: 1\n---\nb: 2\n', /holds several documents/],
    ['a list', '- a\n- b\n', /holds no settings/],
    ['a sentence', 'to be written\n', /holds no settings/],
  ])('%s', (_, existing, message) => {
    expect(() => merge(existing)).toThrow(message);
    expect(() => merge(existing)).toThrow(UserError);
  });

  test.each([
    'env: "a" s3cret\n',
    'a: |s3cret\n',
    's3cret: 1\ns3cret: 2\n',
    '"s3cret\n',
    '}s3cret\n',
  ])('without a word of what stands there: %j', (existing) => {
    const { message, fix } = thrownBy(() => merge(existing));
    expect(`${message} ${fix}`).not.toContain('s3cret');
  });
});

describe('leaves to the person', () => {
  test.each([
    ['settings in braces', '{language: node_js}\n'],
    ['a deploy indented by one', 'deploy:\n provider: npm\n'],
    ['an alias of a list', 'x: &l [{provider: npm}]\ndeploy: *l\n'],
    ['a deploy that comes in by a merge key', 'x: &d {deploy: {provider: npm}}\n<<: *d\n'],
    ['an anchored deploy that something else uses', 'deploy: &d\n  provider: npm\nx: *d\n'],
    ['an explicit nothing', 'deploy: ~\n'],
    ['an end mark', 'language: node_js\n...\n'],
  ])('%s', (_, existing) => {
    const error = thrownBy(() => merge(existing));
    expect(error.message).toBe(
      '.travis.yml is written in a way that cannot be changed without touching the rest of it.',
    );
    expect(error.fix).toBe(
      `Change it yourself, and run this again. Add ./deploy/install-ecs-cli.sh to before_deploy.
Add this entry to deploy:
# What deploys it.
deploy:
  provider: script
  # Any failure here stops the deploy.
  script: node ./deploy/ecs-deploy.js
  on:
    branch: develop`,
    );
  });

  test('a line with ecs-cli that does more than that', () => {
    const existing = `before_deploy:\n- set -e && ${BEFORE_DEPLOY}\n${template('develop').split('\n\n').at(-1)}`;
    const error = thrownBy(() => merge(existing, { isPlain: true }));
    expect(error.fix).toBe(
      'Change it yourself, and run this again. Take ./deploy/install-ecs-cli.sh out of before_deploy.',
    );
  });
});

function thrownBy(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
