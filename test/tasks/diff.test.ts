import { describe, expect, test } from 'vitest';
import { differences, extras } from '../../src/tasks/diff.ts';

describe('differences', () => {
  test('are none where all is as wanted, whatever else stands', () => {
    expect(differences({ size: 1, colour: 'red' }, { size: 1 })).toEqual([]);
    expect(differences({ list: ['a', 'b'] }, { list: ['a', 'b'] })).toEqual([]);
    expect(differences({ shape: { a: 1, b: [2] } }, { shape: { b: [2], a: 1 } })).toEqual([]);
  });

  test('tell each field, with what stands and what is wanted', () => {
    expect(differences({ size: 1 }, { size: 2, colour: 'red' })).toEqual([
      { field: 'size', from: 1, to: 2 },
      { field: 'colour', from: undefined, to: 'red' },
    ]);
  });

  test('of a list, count its order', () => {
    expect(differences({ list: ['a', 'b'] }, { list: ['b', 'a'] })).toHaveLength(1);
  });

  test('lead into fields that are objects, both ways', () => {
    const live = { shape: { same: 1, other: 2, more: 3 } };
    expect(differences(live, { shape: { same: 1, other: 4, missing: 5 } })).toEqual([
      { field: 'shape.other', from: 2, to: 4 },
      { field: 'shape.more', from: 3, to: null },
      { field: 'shape.missing', from: undefined, to: 5 },
    ]);
  });

  test('of a set, are what it lacks alone', () => {
    const live = { rules: new Set(['a', 'mine']) };
    expect(differences(live, { rules: new Set(['a']) })).toEqual([]);
    expect(differences(live, { rules: new Set(['a', 'b', 'c']) })).toEqual([
      { field: 'rules', from: undefined, to: ['b', 'c'] },
    ]);
    expect(differences({}, { rules: new Set(['a']) })).toHaveLength(1);
  });

  test('leave alone what nothing is wanted of', () => {
    expect(differences({ size: 1 }, { size: undefined })).toEqual([]);
  });
});

test('extras are what a set holds beyond what is wanted', () => {
  const live = { rules: new Set(['a', 'mine']), size: 1 };
  expect(extras(live, { rules: new Set(['a']), size: 2 })).toEqual([
    { field: 'rules', items: ['mine'] },
  ]);
  expect(extras(live, { rules: new Set(['a', 'mine', 'b']) })).toEqual([]);
});
