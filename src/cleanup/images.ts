import { newest, note } from './revisions.ts';

/** One manifest in a repository. */
export interface Image {
  digest: string;
  tags: string[];
  /** Milliseconds since 1970. */
  pushedAt: number;
  bytes: number;
  /** The digests that it consists of, where it is an index: an image for each processor. */
  parts: string[];
  /** The digest of what it says something about: a signature, a list of contents. */
  subject?: string;
}

/** Who needs an image, by its tag or its digest, and what for. */
export interface ImageNeed {
  tag?: string;
  digest?: string;
  /** "permits:41 names it". */
  why: string;
}

export interface ImageDecision {
  /** In this order: ECR deletes no part before all that it is a part of. */
  remove: Image[][];
  /** Why each of the others stays, by digest; nothing for what stays with another. */
  keep: Map<string, string[]>;
}

/**
 * Which images nobody needs: all but the newest and those that are named by who needs them, each
 * with its parts and what was said about it.
 */
export function decideImages(images: Image[], needs: ImageNeed[], keep: number): ImageDecision {
  const kept = new Map<string, string[]>();
  const heads = headsOf(images).toSorted((a, b) => b.pushedAt - a.pushedAt);
  // Those pushed in the same moment cannot be told apart.
  const since = heads[Math.min(keep, heads.length) - 1]?.pushedAt ?? 0;
  for (const { digest, pushedAt } of heads) {
    if (pushedAt >= since) note(kept, digest, newest(keep));
  }
  for (const { tag, digest, why } of needs) {
    for (const image of images) {
      const isIt = digest === undefined ? image.tags.includes(tag!) : image.digest === digest;
      if (isIt) note(kept, image.digest, why);
    }
  }
  keepWhatBelongs(images, kept);
  return { remove: inOrder(images.filter(({ digest }) => !kept.has(digest))), keep: kept };
}

/** What a person calls an image: what has a tag, and what is neither part of another nor about one. */
export function headsOf(images: Image[]): Image[] {
  const digests = new Set(images.map(({ digest }) => digest));
  const parts = new Set(images.flatMap((image) => image.parts));
  return images.filter(
    ({ digest, tags, subject }) =>
      tags.length > 0 || !(parts.has(digest) || (subject && digests.has(subject))),
  );
}

function keepWhatBelongs(images: Image[], kept: Map<string, string[]>): void {
  const about = Map.groupBy(images, ({ subject }) => subject);
  const byDigest = new Map(images.map((image) => [image.digest, image]));
  const open = [...kept.keys()];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    const sayings = about.get(digest)?.map((image) => image.digest) ?? [];
    for (const other of [...(byDigest.get(digest)?.parts ?? []), ...sayings]) {
      if (kept.has(other)) continue;
      kept.set(other, []);
      open.push(other);
    }
  }
}

function inOrder(images: Image[]): Image[][] {
  const waves: Image[][] = [];
  for (let rest = images; ; ) {
    const parts = new Set(rest.flatMap((image) => image.parts));
    const wave = rest.filter(({ digest }) => !parts.has(digest));
    if (wave.length === 0) return waves;
    waves.push(wave);
    rest = rest.filter(({ digest }) => parts.has(digest));
  }
}

/** At the most, in bytes: layers that other images have too stay. An index is as large as its parts. */
export function spaceOf(images: Image[]): number {
  const digests = new Set(images.map(({ digest }) => digest));
  return images
    .filter(({ parts }) => !parts.some((part) => digests.has(part)))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What a person knows it by: its tags, else its digest. */
export function nameOf({ tags, digest }: Image): string {
  return tags.length > 0 ? tags.join(', ') : digest.slice(0, 'sha256:'.length + 12);
}
