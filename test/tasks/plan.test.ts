import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { ourTags } from '../../src/tasks/tags.ts';
import { plan, thing } from './fakes.ts';

const tags = ourTags('parks', 'us-east-2');
const theirs = ourTags('library', 'us-east-2');

const actions = async (...given: Parameters<typeof plan>) =>
  Object.fromEntries((await plan(...given)).steps.map((step) => [step.resource.name, step.action]));

describe('each resource', () => {
  test('is created, changed or kept', async () => {
    const absent = thing('absent');
    const small = thing('small', {
      read: async () => ({ id: 'small', tags, size: 1 }),
      wanted: () => ({ size: 2 }),
      set: { size: async () => {} },
    });
    const right = thing('right', { read: async () => ({ id: 'right', tags }) });
    expect(await actions([absent, small, right])).toEqual({
      ...{ absent: 'create', small: 'change', right: 'keep' },
    });
  });

  test('that does not apply is not in the plan, and not looked for by name twice', async () => {
    const never = { ...thing('never'), when: () => false };
    expect(await actions([never, thing('other')])).toEqual({ other: 'create' });
  });

  test('that was picked in place of ours is kept as it is', async () => {
    const picked = thing('picked', {
      chosen: async () => ({ id: 'somebody’s', size: 1 }),
      wanted: () => ({ size: 2 }),
    });
    const { steps } = await plan([picked]);
    expect(steps).toMatchObject([{ action: 'keep', chosen: true, live: { id: 'somebody’s' } }]);
  });

  test('stands in the order given, whatever needs what', async () => {
    const first = thing('first');
    const second = thing('second', { needs: { first } });
    const { steps } = await plan([second, first]);
    expect(steps.map(({ resource }) => resource.name)).toEqual(['second', 'first']);
  });
});

describe('what a change leads to', () => {
  const changing = thing('template', {
    read: async () => ({ id: 'template', tags, size: 1 }),
    wanted: () => ({ shape: { colour: 'red' } }),
    set: { shape: async () => {} },
    foresee: ({ size = 0 }) => ({ size: size + 1 }),
  });

  test('is foreseen in what needs it', async () => {
    const group = thing('group', {
      needs: { changing },
      read: async () => ({ id: 'group', tags, size: 1 }),
      wanted: (_env, needs) => ({ size: needs.changing.size }),
      set: { size: async () => {} },
    });
    const { steps } = await plan([changing, group]);
    expect(steps[1]?.differences).toEqual([{ field: 'size', from: 1, to: 2 }]);
  });

  test('of what is yet to be made is a change too, as its id is not known', async () => {
    const absent = thing('absent');
    const group = thing('group', {
      needs: { absent },
      read: async () => ({ id: 'group', tags, on: 'gone' }),
      wanted: (_env, needs) => ({ on: needs.absent.id }),
      set: { on: async () => {} },
    });
    expect(await actions([absent, group])).toEqual({ absent: 'create', group: 'change' });
  });
});

describe('somebody else’s', () => {
  const foreign = (name: string, found: object) =>
    thing(name, { read: async () => ({ id: `their ${name}`, ...found }), tag: async () => {} });

  test('is refused, all of it in one go', async () => {
    const refusal = await plan([foreign('one', { tags: {} }), foreign('two', { tags: {} })]).catch(
      (error: UserError) => error,
    );
    expect(refusal).toBeInstanceOf(UserError);
    expect(refusal).toMatchObject({
      message:
        'one their one is there already and was not made by digital-apps.\n' +
        'two their two is there already and was not made by digital-apps.',
      fix: expect.stringContaining('--adopt'),
    });
  });

  test('is adopted when that is said', async () => {
    const { steps } = await plan([foreign('one', { tags: { team: 'web' } })], { adopt: true });
    expect(steps).toMatchObject([{ action: 'change', differences: [{ field: 'tags', to: tags }] }]);
  });

  test('is not adopted from another cluster', async () => {
    await expect(plan([foreign('one', { tags: theirs })], { adopt: true })).rejects.toThrow(
      'one their one belongs to the cluster library in us-east-2.',
    );
  });

  test('is ours where clusters share it, or where AWS keeps no tags', async () => {
    const user = { ...foreign('user', { tags: theirs }), shared: true };
    expect(await actions([user, foreign('listener', {})])).toEqual({
      ...{ user: 'keep', listener: 'keep' },
    });
  });
});

test('a field that AWS cannot change is refused, with what stands and what was wanted', async () => {
  const fixed = thing('network', {
    read: async () => ({ id: 'vpc-1', tags, size: 16 }),
    wanted: () => ({ size: 20 }),
  });
  await expect(plan([fixed])).rejects.toThrow(
    'network vpc-1 has size 16 and AWS cannot change that to 20.',
  );
});

test('what a set holds beyond what is wanted is remarked on', async () => {
  const group = thing('group', {
    read: async () => ({ id: 'sg-1', tags, rules: new Set(['a', 'mine']) }),
    wanted: () => ({ rules: new Set(['a']) }),
  });
  const { steps } = await plan([group]);
  expect(steps).toMatchObject([{ action: 'keep' }]);
  expect(steps[0]?.remarks).toEqual([expect.stringMatching(/^also has rules mine: .*left alone$/)]);
});

test('a look that fails says what was looked for', async () => {
  const hidden = thing('Secret thing', {
    async read() {
      const message = 'You are not authorized to perform: ec2:DescribeThings';
      throw Object.assign(new Error(message), { name: 'UnauthorizedOperation' });
    },
  });
  await expect(plan([hidden])).rejects.toThrow(
    /^Could not look for the Secret thing: You.* may not call ec2:DescribeThings/,
  );
});
