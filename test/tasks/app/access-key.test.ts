import { writeFileSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attention, remarks } from '../../../src/commands/remarks.ts';
import { readKept, writeKept } from '../../../src/kept-secrets.ts';
import { deliveryQuestions } from '../../../src/questions/app/delivery.ts';
import { accessKey } from '../../../src/tasks/app/access-key.ts';
import { deployUser } from '../../../src/tasks/app/deploy-user.ts';
import { readUserKeys } from '../../../src/tasks/app/lib/user-keys.ts';
import { replacedKey } from '../../../src/tasks/app/replaced-key.ts';
import type { Env } from '../../../src/tasks/app/scope.ts';
import { run as carryOut } from '../../../src/tasks/graph.ts';
import { Standing } from '../../../src/tasks/standing.ts';
import { presets } from '../../support/faults.ts';
import { plan, planAndRun } from '../fakes.ts';
import { type AppWorld, newAppWorld } from './world.ts';

const TRAVIS = 'digitalTravis';
const question = deliveryQuestions.find(({ key }) => key === 'access-key')!;
const ALL = [deployUser, accessKey, replacedKey];
let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  world.faults.clear();
  for (const id of await keyIds()) await remove(id);
  const TagKeys = Object.keys(await keyTags());
  if (TagKeys.length > 0) {
    await world.aws.iam.send(new UntagUserCommand({ UserName: TRAVIS, TagKeys }));
  }
});

async function keyIds(UserName = TRAVIS): Promise<string[]> {
  const { AccessKeyMetadata } = await world.aws.iam.send(new ListAccessKeysCommand({ UserName }));
  return AccessKeyMetadata!.map(({ AccessKeyId }) => AccessKeyId!);
}

async function newKey(UserName = TRAVIS) {
  const { AccessKey } = await world.aws.iam.send(new CreateAccessKeyCommand({ UserName }));
  return { id: AccessKey!.AccessKeyId!, secret: AccessKey!.SecretAccessKey! };
}

async function remove(AccessKeyId: string) {
  await world.aws.iam.send(new DeleteAccessKeyCommand({ UserName: TRAVIS, AccessKeyId }));
}

async function keyTags(UserName = TRAVIS): Promise<Record<string, string>> {
  const { User } = await world.aws.iam.send(new GetUserCommand({ UserName }));
  const tags = (User?.Tags ?? []).filter(({ Key }) => Key?.startsWith('digital-apps:key:'));
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

function tagOf(app: string) {
  return `digital-apps:key:digital-apps/${app}`;
}

async function tag(app: string, Value: string) {
  const Tags = [{ Key: tagOf(app), Value }];
  await world.aws.iam.send(new TagUserCommand({ UserName: TRAVIS, Tags }));
}

function makingBeside(...ids: string[]): string {
  return ['making', new Date().toISOString(), 'beside', ...ids].join(' ');
}

/** As if the keys had been made five minutes earlier than they were. */
function agedKeys() {
  const earlier = new Date(Date.now() - 300_000).toISOString().replace(/\.\d+Z/, 'Z');
  world.faults.inject({
    operation: 'ListAccessKeys',
    times: 1000,
    rewrite: (body) => body.replaceAll(/(?<=<CreateDate>)[^<]+/g, earlier),
  });
}

async function run(env: Env) {
  world.faults.calls.length = 0;
  const { results, outcomes } = await planAndRun(ALL, env);
  const result = results.find(({ resource }) => resource === accessKey)!;
  return { results, outcomes, outcome: result.outcome, id: result.live?.id, error: result.error };
}

describe('an access key', () => {
  test('is made for the Travis user, named by its tag, and its secret kept for one person', async () => {
    const env = await world.env({ service: 'permits' });
    const { id, outcome } = await run(env);
    expect(outcome).toBe('create');
    expect(await keyIds()).toEqual([id]);
    expect(await keyTags()).toEqual({ [tagOf('permits')]: id });
    expect((await readKept(env.keyFile))?.id).toBe(id);
    expect((await stat(env.keyFile)).mode & 0o777).toBe(0o600);
  });

  test('stands, and a second run changes nothing', async () => {
    const env = await world.env({ service: 'second' });
    const { id } = await run(env);
    const again = await run(env);
    expect(again).toMatchObject({ outcome: 'keep', id });
    expect(world.changing()).toEqual([]);
  });

  test('never shows its secret in what is told or logged', async () => {
    const env = await world.env({ service: 'silent' });
    const { results, told } = await planAndRun(ALL, env);
    const secret = (await readKept(env.keyFile))!.secret;
    expect(secret).toMatch(/\S{20}/);
    const log = await readFile(env.aws.connection.journal.file, 'utf8');
    expect(log).toContain('CreateAccessKey');
    const lives = results.map(({ live }) => live);
    expect(
      JSON.stringify([lives, told.map((each) => ({ ...each, resource: '' })), log]),
    ).not.toContain(secret);
  });

  test('is kept before the user’s tag names it', async () => {
    const env = await world.env({ service: 'order' });
    world.faults.inject({
      operation: 'TagUser',
      skip: 1,
      code: 'AccessDenied',
      status: 403,
    });
    const { outcome } = await run(env);
    const keptThen = (await readKept(env.keyFile))?.id;
    expect(outcome).toBe('failed');
    expect(await keyIds()).toEqual([keptThen]);
    expect(await run(env)).toMatchObject({ outcome: 'change', id: keptThen });
    expect(await keyTags()).toEqual({ [tagOf('order')]: keptThen });
  });

  test('whose secret cannot be kept is deleted again', async () => {
    const env = await world.env({ service: 'unkept' });
    const folder = join(env.dir, 'yet-to-be-made');
    const keyFile = `${folder}/unkept.env`;
    world.faults.inject({
      operation: 'CreateAccessKey',
      carriedOut: () => writeFileSync(folder, 'Something else took its place.'),
    });
    const { outcome, error } = await run({ ...env, keyFile });
    expect(outcome).toBe('failed');
    expect(error?.answer).toMatch(/could not be kept.+(EEXIST|ENOTDIR).+deleted again/);
    expect(await keyIds()).toEqual([]);
  });
});

test('a user of the app’s own is waited for until IAM knows it', async () => {
  world.faults.inject({ ...presets.userNotFound, times: 2 });
  const { outcomes } = await run(
    await world.env({ service: 'fresh', answers: { 'access-key': 'own-user' } }),
  );
  expect(outcomes).toEqual({ 'Deploy user': 'create', 'Access key': 'create' });
});

describe('a key that was made and lost', () => {
  test('by a run that was cut off, is deleted and another made', async () => {
    const env = await world.env({ service: 'cut-off' });
    const other = await newKey();
    await tag('cut-off', makingBeside(other.id));
    const lost = await newKey();
    agedKeys();
    const { steps } = await plan(ALL, { env });
    expect(steps[0]).toMatchObject({ action: 'change', live: { id: lost.id } });
    expect(steps[0]?.remarks.join()).toMatch(/cut off.+deleted/);
    const { id } = await run(env);
    expect(await keyIds()).toEqual([other.id, id]);
    expect(id).not.toBe(lost.id);
    expect((await readKept(env.keyFile))?.id).toBe(id);
  });

  test('is waited for while it is new, for another run may be about to say it is its own', async () => {
    const env = await world.env({ service: 'under-way' });
    await tag('under-way', makingBeside());
    const its = await newKey();
    let waiting = '';
    const results = await carryOut(await plan(ALL, { env }), (progress) => {
      if (progress.state !== 'waiting') return;
      waiting = progress.text;
      void tag('under-way', its.id);
    });
    expect(waiting).toContain(its.id);
    expect(results[0]?.live?.id).toBe(its.id);
    expect(await keyIds()).toEqual([its.id]);
  });

  test('is taken where its secret was kept', async () => {
    const env = await world.env({ service: 'kept-it' });
    await tag('kept-it', makingBeside());
    const key = await newKey();
    await writeKept(env.keyFile, key);
    expect(await run(env)).toMatchObject({ outcome: 'change', id: key.id });
    expect(await keyIds()).toEqual([key.id]);
  });

  test('by an answer of AWS that never came, does not stay', async () => {
    world.faults.inject({ ...presets.answerLost, operation: 'CreateAccessKey' });
    const { id } = await run(await world.env({ service: 'no-answer' }));
    expect(await keyIds()).toEqual([id]);
  });

  test('by such an answer, makes room where it takes the last place', async () => {
    const other = await newKey();
    world.faults.inject({ ...presets.answerLost, operation: 'CreateAccessKey' });
    const { id, outcome } = await run(await world.env({ service: 'last-place' }));
    expect(outcome).toBe('create');
    expect(await keyIds()).toEqual([other.id, id]);
  });

  test('stays where it may as well be another app’s', async () => {
    const env = await world.env({ service: 'either' });
    await tag('either', makingBeside());
    await tag('or', makingBeside());
    const whose = await newKey();
    agedKeys();
    const { id, outcome } = await run(env);
    expect(outcome).toBe('create');
    expect(await keyIds()).toEqual([whose.id, id]);
  });

  test('is not mistaken for one that a person made later, or that was used', async () => {
    await tag('mistaken', makingBeside().replace(/making \S+/, 'making 2024-01-01T00:00:00Z'));
    const theirs = await newKey();
    const { id } = await run(await world.env({ service: 'mistaken' }));
    expect(await keyIds()).toEqual([theirs.id, id]);
  });

  test('is not mistaken for one that a person made a few minutes later', async () => {
    const earlier = new Date(Date.now() - 180_000).toISOString();
    await tag('soon-after', makingBeside().replace(/making \S+/, `making ${earlier}`));
    const theirs = await newKey();
    const { id } = await run(await world.env({ service: 'soon-after' }));
    expect(await keyIds()).toEqual([theirs.id, id]);
  });
});

describe('a user with two keys', () => {
  test('refuses a third, and says whose they are and what can be done', async () => {
    const [first, second] = [await newKey(), await newKey()];
    await tag('taxes', first.id);
    const refused = plan(ALL, { env: await world.env({ service: 'third' }) });
    await expect(refused).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        new RegExp(`${first.id} \\(of digital-apps/taxes, never used.+${second.id} \\(of no app`),
      ),
      fix: expect.stringContaining('--set access-key=own-user'),
    });
    const { keys } = await readUserKeys(await world.env({ service: 'third' }), TRAVIS);
    expect(keys).toMatchObject([
      { id: first.id, app: 'digital-apps/taxes', active: true },
      { id: second.id, app: undefined },
    ]);
  });

  test('says the same where the last place was taken after the plan', async () => {
    const env = await world.env({ service: 'too-late' });
    await newKey();
    const thePlan = await plan(ALL, { env });
    await newKey();
    const [result] = await carryOut(thePlan, () => {});
    expect(result?.outcome).toBe('failed');
    expect(result?.error?.answer).toContain('has two access keys');
    expect(result?.error?.fix).toContain('own-user');
  });

  test('gives way to a user of the app’s own, with the same policy', async () => {
    await newKey();
    await newKey();
    const env = await world.env({ service: 'own', answers: { 'access-key': 'own-user' } });
    const { id, outcomes } = await run(env);
    expect(outcomes).toEqual({ 'Deploy user': 'create', 'Access key': 'create' });
    const UserName = 'digitalTravis-own';
    expect(await keyIds(UserName)).toEqual([id]);
    const { AttachedPolicies } = await world.aws.iam.send(
      new ListAttachedUserPoliciesCommand({ UserName }),
    );
    expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['digitalAppsDeploy']);
    expect((await run(env)).outcomes).toEqual({ 'Deploy user': 'keep', 'Access key': 'keep' });
    expect(await run(await world.env({ service: 'own' }))).toMatchObject({ outcome: 'keep', id });
  });

  test('has the one that is to be replaced deleted first', async () => {
    const [old, other] = [await newKey(), await newKey()];
    await tag('taxes', old.id);
    const env = await world.env({
      service: 'replacing',
      answers: { 'access-key': `replace-${old.id}` },
    });
    const { steps } = await plan(ALL, { env });
    expect(steps[0]?.differences).toEqual([{ field: 'key', from: old.id, to: 'a new one' }]);
    expect(steps[0]?.remarks.join()).toMatch(/the key of digital-apps\/taxes, is deleted before/);
    const { id } = await run(env);
    expect(await keyIds()).toEqual([other.id, id]);
    expect(await keyTags()).toEqual({ [tagOf('replacing')]: id });
    expect(await run(env)).toMatchObject({ outcome: 'keep', id });
    expect(world.changing()).toEqual([]);
  });
});

describe('a key that is to be replaced', () => {
  test('and is alone, goes when the new one is there', async () => {
    const { id: old } = await run(await world.env({ service: 'leaked' }));
    const env = await world.env({ service: 'leaked', answers: { 'access-key': `replace-${old}` } });
    const { id, outcomes } = await run(env);
    expect(outcomes).toEqual({ 'Access key': 'change', 'Replaced access key': 'change' });
    expect(world.changing()).toEqual(['TagUser', 'CreateAccessKey', 'TagUser', 'DeleteAccessKey']);
    expect(await keyIds()).toEqual([id]);
    expect((await run(env)).outcomes).toEqual({
      'Access key': 'keep',
      'Replaced access key': 'keep',
    });
  });

  test('stays where the new one could not be made', async () => {
    const { id: old } = await run(await world.env({ service: 'stuck' }));
    world.faults.inject({ operation: 'CreateAccessKey', code: 'AccessDenied', status: 403 });
    const env = await world.env({ service: 'stuck', answers: { 'access-key': `replace-${old}` } });
    expect((await run(env)).outcomes).toEqual({
      'Access key': 'failed',
      'Replaced access key': 'skipped',
    });
    expect(await keyIds()).toEqual([old]);
    const { id } = await run(env);
    expect(await keyIds()).toEqual([id]);
  });
});

describe('a key that is to be replaced and is not there', () => {
  const answers = { 'access-key': 'replace-AKIANOSUCHKEY' };

  test('is told of where the app has one, which stays', async () => {
    const { id } = await run(await world.env({ service: 'gone' }));
    const { steps } = await plan(ALL, { env: await world.env({ service: 'gone', answers }) });
    expect(steps.map(({ action }) => action)).toEqual(['keep', 'keep']);
    expect(steps[0]?.remarks.join()).toContain(
      `there is no key AKIANOSUCHKEY (any more): the app’s is ${id}`,
    );
  });

  test('is refused where it has none', async () => {
    await expect(
      plan(ALL, { env: await world.env({ service: 'never', answers }) }),
    ).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^Neither .+ has an access key AKIANOSUCHKEY\.$/),
    });
    expect(await keyIds()).toEqual([]);
  });

  test('is what a run that was cut off after deleting it has left: the next makes the new one', async () => {
    const [old, other] = [await newKey(), await newKey()];
    await tag('between', old.id);
    const env = await world.env({
      service: 'between',
      answers: { 'access-key': `replace-${old.id}` },
    });
    world.faults.inject({ operation: 'CreateAccessKey', code: 'AccessDenied', status: 403 });
    expect((await run(env)).outcome).toBe('failed');
    expect(await keyIds()).toEqual([other.id]);
    const { id, outcome } = await run(env);
    expect(outcome).toBe('create');
    expect(await keyIds()).toEqual([other.id, id]);
  });
});

describe('a key of the cluster’s user, after the app was given a user of its own', () => {
  async function moved(service: string) {
    const { id: former } = await run(await world.env({ service }));
    const env = await world.env({ service, answers: { 'access-key': 'own-user' } });
    const { results, id } = await run(env);
    return { former, id, env, results };
  }

  test('is told of, as it still opens everything', async () => {
    const { former, env, results } = await moved('mover');
    const notes = await remarks(await plan(ALL, { env }), results);
    expect(notes.join('\n')).toMatch(
      new RegExp(`Access key: ${former} of ${TRAVIS}.+still.+--set access-key=replace-${former}`),
    );
  });

  test('is deleted when it is to be replaced, and no other is made', async () => {
    const { former, id } = await moved('leaver');
    const env = await world.env({
      service: 'leaver',
      answers: { 'access-key': `replace-${former}` },
    });
    expect(await run(env)).toMatchObject({
      id,
      outcomes: { 'Access key': 'keep', 'Replaced access key': 'change' },
    });
    expect(await keyIds()).toEqual([]);
    expect(await keyIds('digitalTravis-leaver')).toEqual([id]);
  });
});

describe('the choices', () => {
  /** What a person is offered, and what Enter takes. */
  async function offered(service: string) {
    const place = await world.env({ service });
    const standing = new Standing();
    await standing.readByName([deployUser], place);
    const asking = { place, standing, answers: {} };
    const preset = await question.default(asking);
    const choices = await question.choices!(asking);
    return { preset, choices, values: choices.map(({ value }) => value) };
  }

  test('begin with the one that Enter takes', async () => {
    const none = await offered('chooser');
    expect(none.choices[0]).toEqual({ value: 'new', label: `A new key of ${TRAVIS}` });
    expect(none.values).toEqual(['new', 'own-user']);
    const [one, two] = [await newKey(), await newKey()];
    const full = await offered('chooser');
    expect(full.preset).toBe('own-user');
    expect(full.values).toEqual([
      ...['own-user', `replace-${one.id}`, `replace-${two.id}`, one.id, two.id],
    ]);
  });

  test.each([0, 1])('keep the key that stands, with %i others beside it', async (others) => {
    for (let n = 0; n < others; n += 1) await newKey();
    const { id } = await run(await world.env({ service: 'keeper' }));
    const { preset, choices } = await offered('keeper');
    expect(preset).toBe('new');
    expect(choices[0]).toEqual({ value: 'new', label: `Keep ${id} of ${TRAVIS}` });
    expect(choices.map(({ label }) => label)).not.toContain(`A new key of ${TRAVIS}`);
  });

  test('keep that of a user of the app’s own', async () => {
    const env = await world.env({ service: 'owner', answers: { 'access-key': 'own-user' } });
    const { id } = await run(env);
    const { preset, choices, values } = await offered('owner');
    expect(preset).toBe('own-user');
    expect(choices[0]).toEqual({
      value: 'own-user',
      label: `Keep ${id} of digitalTravis-owner`,
    });
    expect(values).toEqual(['own-user', `replace-${id}`]);
  });
});

describe('a key that is named', () => {
  test('is refused while its secret is not on this machine, and taken then', async () => {
    const key = await newKey();
    const env = await world.env({ service: 'named', answers: { 'access-key': key.id } });
    await expect(plan(ALL, { env })).rejects.toMatchObject({
      name: 'UserError',
      fix: expect.stringMatching(`${env.keyFile}.+AWS_ACCESS_KEY_ID=${key.id}`),
    });
    await mkdir(dirname(env.keyFile), { recursive: true });
    const lines = `AWS_ACCESS_KEY_ID=${key.id}\nAWS_SECRET_ACCESS_KEY=${key.secret}\n`;
    await writeFile(env.keyFile, lines);
    expect(await run(env)).toMatchObject({ outcome: 'change', id: key.id });
    expect(await run(await world.env({ service: 'named' }))).toMatchObject({
      outcome: 'keep',
      id: key.id,
    });
    expect(await keyIds()).toEqual([key.id]);
  });

  test('is refused where there is none', async () => {
    const env = await world.env({
      service: 'nameless',
      answers: { 'access-key': 'AKIANOSUCHKEY' },
    });
    await expect(plan(ALL, { env })).rejects.toThrow(/has an access key AKIANOSUCHKEY/);
  });
});

describe('what is said of a key', () => {
  test('that its secret is elsewhere', async () => {
    const env = await world.env({ service: 'elsewhere' });
    await run(env);
    const here: Env = { ...env, keyFile: `${env.keyFile}.none` };
    const { steps } = await plan(ALL, { env: here });
    expect(steps[0]).toMatchObject({ action: 'keep' });
    expect(steps[0]?.remarks.join()).toContain('is not on this machine');
  });

  test('that it is inactive, which a person must see to', async () => {
    const env = await world.env({ service: 'inactive' });
    const { id } = await run(env);
    await world.aws.iam.send(
      new UpdateAccessKeyCommand({ UserName: TRAVIS, AccessKeyId: id, Status: 'Inactive' }),
    );
    const thePlan = await plan(ALL, { env });
    const { results } = await planAndRun(ALL, env);
    expect(attention(thePlan, results).join()).toMatch(/inactive.+cannot deploy/);
  });
});

describe('at the same moment', () => {
  test('two apps get a key each', async () => {
    const [one, two] = await Promise.all([
      run(await world.env({ service: 'one' })),
      run(await world.env({ service: 'two' })),
    ]);
    expect((await keyIds()).sort()).toEqual([one.id, two.id].sort());
    expect(await keyTags()).toEqual({ [tagOf('one')]: one.id, [tagOf('two')]: two.id });
  });

  test('two runs for one app leave one key', async () => {
    const [first, second] = [
      await world.env({ service: 'twice' }),
      await world.env({ service: 'twice' }),
    ];
    world.faults.inject({ operation: 'CreateAccessKey', latency: 300, times: 2 });
    const ends = await Promise.all([
      run(first),
      run({ ...second, keyFile: `${second.keyFile}.elsewhere` }),
    ]);
    const ids = await keyIds();
    expect(ids).toHaveLength(1);
    expect(await keyTags()).toEqual({ [tagOf('twice')]: ids[0] });
    for (const { id, outcome } of ends) if (outcome !== 'failed') expect(id).toBe(ids[0]);
    expect(ends.some(({ outcome }) => outcome === 'create')).toBe(true);
  });
});
