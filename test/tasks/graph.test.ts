import { describe, expect, test } from 'vitest';
import { ourTags } from '../../src/tasks/tags.ts';
import { fakeEnv, planAndRun, thing } from './fakes.ts';

const tags = ourTags('parks', 'us-east-2');

/** A promise, and what settles it. */
function gate() {
  return Promise.withResolvers<void>();
}

describe('a failure', () => {
  const broken = thing('broken', {
    async create() {
      throw Object.assign(new Error('no room'), { name: 'VpcLimitExceeded' });
    },
  });

  test('skips what needs it, however far on, and lets the rest finish', async () => {
    const needy = thing('needy', { needs: { broken } });
    const later = { ...thing('later'), after: [needy] };
    const other = thing('other');
    const { outcomes, results } = await planAndRun([broken, needy, later, other]);
    expect(outcomes).toEqual({
      ...{ broken: 'failed', needy: 'skipped', later: 'skipped', other: 'create' },
    });
    expect(results.map(({ error }) => error?.answer)).toEqual([
      'VpcLimitExceeded: no room.',
      'needs broken',
      'needs needy',
      undefined,
    ]);
    expect(results[0]?.error?.fix).toMatch(/quota/);
  });

  test('halfway leaves what stands in the result', async () => {
    const half = thing('half', {
      wanted: () => ({ size: 2 }),
      set: {
        async size() {
          throw new Error('not now');
        },
      },
    });
    const { results } = await planAndRun([half]);
    expect(results).toMatchObject([{ outcome: 'failed', live: { id: 'new half' } }]);
  });
});

describe('what is postponed', () => {
  const postponed = () => 'the certificate is not issued yet';

  test('is left out without failing, and what needs it is made without', async () => {
    const later = thing('later', { postponed });
    const given: unknown[] = [];
    const needy = thing('needy', {
      needs: { later },
      wanted: (_env, needs) => {
        given.push(needs.later);
        return {};
      },
    });
    const { outcomes, results } = await planAndRun([later, needy]);
    expect(outcomes).toEqual({ later: 'skipped', needy: 'create' });
    expect(results[0]).toMatchObject({ postponed: postponed(), live: undefined });
    expect(results[0]?.error).toBeUndefined();
    expect(new Set(given)).toEqual(new Set([undefined]));
  });

  test('stays as it stands, for what needs it too', async () => {
    const standing = { id: 'old', size: 1 };
    const read = async () => standing;
    const later = thing('later', { postponed, read, wanted: () => ({ size: 2 }) });
    const needy = thing('needy', {
      needs: { later },
      wanted: (_env, needs) => ({ on: needs.later.id }),
      create: async () => ({ id: 'new', on: 'old' }),
    });
    const { outcomes, results } = await planAndRun([later, needy]);
    expect(outcomes).toEqual({ later: 'skipped', needy: 'create' });
    expect(results[0]?.live).toBe(standing);
  });

  test('is made after all when what it waits for comes during the run', async () => {
    const ready = thing('ready', { create: async () => ({ id: 'ready', size: 1 }) });
    const later = thing('later', {
      needs: { ready },
      postponed: (_env, needs) => (needs.ready.size ? undefined : postponed()),
    });
    expect((await planAndRun([ready, later])).outcomes).toEqual({
      ready: 'create',
      later: 'create',
    });
  });
});

test('each waits for its own needs alone', async () => {
  const slow = gate();
  const order: string[] = [];
  const noting = (name: string, before?: Promise<void>) => ({
    async create() {
      await before;
      order.push(name);
      return { id: name };
    },
  });
  const a = thing('a', noting('a', slow.promise));
  const b = thing('b', noting('b'));
  const onA = thing('onA', { needs: { a }, ...noting('onA') });
  const onB = thing('onB', { needs: { b }, ...noting('onB') });
  const onBoth = thing('onBoth', { needs: { onA, onB }, ...noting('onBoth') });
  const run = planAndRun([onBoth, onA, onB, a, b]);
  await expect.poll(() => order).toEqual(['b', 'onB']);
  slow.resolve();
  await run;
  expect(order).toEqual(['b', 'onB', 'a', 'onA', 'onBoth']);
});

describe('converging', () => {
  test('sets what is not as wanted after a create, with what its needs have yielded', async () => {
    const sets: unknown[] = [];
    const base = thing('base');
    const group = thing('group', {
      needs: { base },
      wanted: (_env, needs) => ({ on: needs.base.id, size: 2 }),
      create: async () => ({ id: 'g', size: 1 }),
      set: {
        on: async ({ to }) => void sets.push(['on', to]),
        async size({ live, to }) {
          sets.push(['size', to, live.on]);
          return { shape: { changed: true } };
        },
      },
    });
    const { results } = await planAndRun([base, group]);
    expect(sets).toEqual([
      ['on', 'new base'],
      ['size', 2, 'new base'],
    ]);
    expect(results[1]?.live).toEqual({
      id: 'g',
      on: 'new base',
      size: 2,
      shape: { changed: true },
    });
  });

  test('does not set again what another field’s setter has set with it', async () => {
    const sets: string[] = [];
    const both = thing('both', {
      read: async () => ({ id: 'both', tags, on: 'old', size: 1 }),
      wanted: () => ({ on: 'new', size: 2 }),
      set: {
        async on() {
          sets.push('on');
          return { size: 2 };
        },
        size: async () => void sets.push('size'),
      },
    });
    const { outcomes } = await planAndRun([both]);
    expect(outcomes).toEqual({ both: 'change' });
    expect(sets).toEqual(['on']);
  });

  test('of one kept as planned can still find something to change', async () => {
    const base = thing('base', {
      read: async () => ({ id: 'base', tags, size: 1 }),
      wanted: () => ({ rules: new Set(['a']) }),
      set: { rules: async () => ({ size: 5 }) },
    });
    const group = thing('group', {
      needs: { base },
      read: async () => ({ id: 'group', tags, size: 1 }),
      wanted: (_env, needs) => ({ size: needs.base.size }),
      set: { size: async () => {} },
    });
    const { outcomes } = await planAndRun([base, group]);
    expect(outcomes).toEqual({ base: 'change', group: 'change' });
  });

  test('takes what another run has made in between, if it is ours', async () => {
    let found: { id: string; tags: object } | undefined;
    const raced = (theirs: object) =>
      thing('raced', {
        read: async () => found as never,
        async create() {
          found = { id: 'theirs', tags: theirs };
          throw Object.assign(new Error('exists'), { name: 'EntityAlreadyExistsException' });
        },
      });
    const { results } = await planAndRun([raced(tags)]);
    expect(results).toMatchObject([{ outcome: 'create', live: { id: 'theirs' } }]);
    found = undefined;
    expect((await planAndRun([raced({})])).outcomes).toEqual({ raced: 'failed' });
  });

  test('never touches what was picked', async () => {
    const picked = thing('picked', {
      chosen: async () => ({ id: 'somebody’s', size: 1 }),
      wanted: () => ({ size: 2 }),
      set: {
        async size() {
          throw new Error('touched');
        },
      },
    });
    expect((await planAndRun([picked])).outcomes).toEqual({ picked: 'keep' });
  });

  test('of a wait is neither a create nor a change', async () => {
    const waited = { ...thing('waited'), waits: true };
    const { results } = await planAndRun([waited]);
    expect(results).toMatchObject([{ outcome: 'keep', live: { id: 'new waited' } }]);
  });
});

describe('a stop', () => {
  test('lets finish what is under way, and skips the rest', async () => {
    const controller = new AbortController();
    const first = thing('first', {
      async create() {
        controller.abort();
        return { id: 'first' };
      },
    });
    const second = thing('second', { needs: { first } });
    const { results } = await planAndRun([first, second], fakeEnv(controller.signal));
    expect(results.map(({ outcome, error }) => [outcome, error?.answer])).toEqual([
      ['create', undefined],
      ['skipped', 'stopped before it was done'],
    ]);
  });
});

test('every change of state is told', async () => {
  const waiting = thing('waiting', {
    async create(env) {
      env.waiting('1 of 2');
      return { id: 'w' };
    },
  });
  const kept = thing('kept', { read: async () => ({ id: 'k', tags }) });
  const { told } = await planAndRun([waiting, kept]);
  expect(told.map(({ resource, state }) => `${resource.name} ${state}`).sort()).toEqual([
    ...['kept done', 'waiting done', 'waiting started', 'waiting waiting'],
  ]);
});
