import { describe, expect, test } from 'vitest';
import { LIMIT } from '../../src/cleanup/deregister.ts';
import { decideImages, type Image, type ImageNeed } from '../../src/cleanup/images.ts';
import { decideRevisions, type RevisionNeed } from '../../src/cleanup/revisions.ts';
import { pick, random } from '../inputs/random.ts';

const STATES = 1_000;

type Next = () => number;

function upTo(next: Next, most: number): number {
  return Math.floor(next() * (most + 1));
}

function list<T>(next: Next, most: number, make: (index: number) => T): T[] {
  return Array.from({ length: upTo(next, most) }, (_, index) => make(index));
}

/** Some are deregistered already, and what is in use may be among these. */
function revisionState(next: Next) {
  const active = list(next, 60, (index) => index + 1).filter(() => next() < 0.8);
  const needs: RevisionNeed[] = list(next, 5, () => ({ revision: 1 + upTo(next, 60), why: 'x' }));
  return { active: active.sort(() => next() - 0.5), needs, keep: 1 + upTo(next, 15) };
}

describe.each([1, 2])('of random states (seed %i)', (seed) => {
  test('no revision goes that is in use, could be gone back to, or is among the newest', () => {
    const next = random(seed);
    for (let state = 0; state < STATES; state += 1) {
      const { active, needs, keep } = revisionState(next);
      const { remove } = decideRevisions(active, needs, keep);
      const older = active.toSorted((a, b) => a - b);
      const stays = new Set(older.slice(-keep));
      for (const { revision } of needs) {
        stays.add(revision);
        const before = older.filter((other) => other < revision).at(-1);
        if (before !== undefined) stays.add(before);
      }
      expect(remove).toEqual(older.filter((revision) => !stays.has(revision)));
    }
  });

  test('what comes into use later takes from what goes, and adds nothing to it', () => {
    const next = random(seed);
    for (let state = 0; state < STATES; state += 1) {
      const { active, needs, keep } = revisionState(next);
      const planned = new Set(decideRevisions(active, needs, keep).remove);
      const more = list(next, 3, () => ({ revision: 1 + upTo(next, 60), why: 'y' }));
      const { remove } = decideRevisions(active, [...needs, ...more], keep);
      expect(remove.every((revision) => planned.has(revision))).toBe(true);
      expect(more.some(({ revision }) => remove.includes(revision))).toBe(false);
    }
  });

  test('no image goes that is named, is part of one that stays, says something of it, or is new', () => {
    const next = random(seed);
    for (let state = 0; state < STATES; state += 1) {
      const { images, needs, keep } = imageState(next);
      const decision = decideImages(images, needs, keep);
      const gone = new Set(decision.remove.flat().map(({ digest }) => digest));
      const stay = images.filter(({ digest }) => !gone.has(digest));
      expect(decision.remove.flat()).toHaveLength(gone.size);
      expect([...gone].some((digest) => decision.keep.has(digest))).toBe(false);
      for (const { tag, digest } of needs) {
        const named = images.filter(
          (image) => image.digest === digest || image.tags.includes(tag!),
        );
        expect(named.some((image) => gone.has(image.digest))).toBe(false);
      }
      for (const { digest, parts } of stay) {
        expect(parts.some((part) => gone.has(part))).toBe(false);
        expect(images.some((image) => image.subject === digest && gone.has(image.digest))).toBe(
          false,
        );
      }
      expectTheNewest(images, gone, keep);
    }
  });

  test('whatever goes, ECR lets it go: no part before all that consist of it', () => {
    const next = random(seed);
    for (let state = 0; state < STATES; state += 1) {
      const { images, needs, keep } = imageState(next);
      const left = new Map(images.map((image) => [image.digest, image]));
      for (const wave of decideImages(images, needs, keep).remove) {
        const parts = new Set([...left.values()].flatMap((image) => image.parts));
        expect(wave.some(({ digest }) => parts.has(digest))).toBe(false);
        for (const { digest } of wave) left.delete(digest);
      }
    }
  });
});

/** Indexes of earlier images, signatures, images that lost their tag, and tags that several pushes shared. */
function imageState(next: Next) {
  const images: Image[] = [];
  for (const digest of list(next, 40, (index) => `sha256:${index}`)) {
    const others = images.map((image) => image.digest);
    const isIndex = others.length > 0 && next() < 0.3;
    const isSaying = others.length > 0 && !isIndex && next() < 0.1;
    images.push({
      digest,
      tags: list(next, 2, () => `${digest}-${upTo(next, 99)}`).filter(() => next() < 0.7),
      // Many at the same moment.
      pushedAt: 1000 + upTo(next, 20),
      bytes: upTo(next, 1000),
      parts: isIndex ? [...new Set(list(next, 3, () => pick(next, others)))] : [],
      subject: isSaying ? pick(next, [...others, 'sha256:gone']) : undefined,
    });
  }
  const needs: ImageNeed[] = list(next, 5, () => {
    const image = images.length > 0 && next() < 0.9 ? pick(next, images) : undefined;
    const tag = image?.tags[0];
    return tag && next() < 0.5
      ? { tag, why: 'x' }
      : { digest: image?.digest ?? 'sha256:elsewhere', why: 'x' };
  });
  return { images: images.sort(() => next() - 0.5), needs, keep: 1 + upTo(next, 12) };
}

/** Of those that a person would call an image, at least so many; and none that is newer than one of them. */
function expectTheNewest(images: Image[], gone: Set<string>, keep: number): void {
  const parts = new Set(images.flatMap((image) => image.parts));
  const has = (digest?: string) => images.some((image) => image.digest === digest);
  const heads = images.filter(
    (image) => image.tags.length > 0 || (!parts.has(image.digest) && !has(image.subject)),
  );
  const lost = heads.filter(({ digest }) => gone.has(digest));
  const newest = Math.max(...lost.map(({ pushedAt }) => pushedAt));
  const newer = heads.filter(({ pushedAt }) => pushedAt > newest);
  if (lost.length > 0) expect(newer.length).toBeGreaterThanOrEqual(keep);
}

test('an empty family and an empty repository lose nothing', () => {
  expect(decideRevisions([], [{ revision: 3, why: 'x' }], 10).remove).toEqual([]);
  expect(decideImages([], [{ tag: 'latest', why: 'x' }], 10).remove).toEqual([]);
});

test('deregistering leaves at least half of what ECS takes to the deploys of others', () => {
  // As AWS documents it: calls at once, and a second.
  const bucket = { size: 20, refill: 1 };
  let left = bucket.size;
  let time = 0;
  for (let call = 0; call < 500; call += 1) {
    const at = (Math.floor(call / LIMIT.calls) * LIMIT.within) / 1000;
    left = Math.min(bucket.size, left + (at - time) * bucket.refill) - 1;
    time = at;
    expect(left).toBeGreaterThanOrEqual(bucket.size / 2);
  }
});
