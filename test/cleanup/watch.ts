import type { Manifest, Region, Watcher } from './region.ts';

/** Tells of each deletion that nobody should have made, by what the Region has at that moment. */
export function watchOver(region: Region, keep: number, done: () => void) {
  const newest = newestOf(region.manifests, keep);
  const first = new Map(
    [...region.families].map(([family, all]) => [family, all.at(-1)!.revision]),
  );
  const known = new Map(region.manifests.map(({ digest, tags }) => [digest, tags.length]));
  const wrong: string[] = [];
  const watcher: Watcher = {
    deregisters(family, revision) {
      const why = neededDefinitions(region, keep).get(`${family}:${revision}`);
      if (family !== 'permits') wrong.push(`${family}:${revision} is not the app’s`);
      if (why) wrong.push(`${family}:${revision} was deregistered: ${why}`);
    },
    deletes(digests) {
      const needed = neededImages(region, keep, first, newest);
      for (const digest of digests) {
        const why = needed.get(digest);
        if (why) wrong.push(`${digest} was deleted: ${why}`);
        const { tags } = region.manifests.find((each) => each.digest === digest)!;
        if (tags.length > known.get(digest)!) wrong.push(`${digest} was deleted: ${tags.at(-1)}`);
      }
    },
    done,
  };
  return { watcher, wrong };
}

/** By "permits:41", why. */
function neededDefinitions({ services, tasks, families }: Region, keep: number) {
  const needed = new Map<string, string>();
  for (const { name, deployments, history } of services) {
    for (const { definition } of deployments) needed.set(definition, `${name} runs it`);
    if (!deployments[0]!.definition.startsWith('permits:')) continue;
    const [now, ...before] = history.filter(({ status }) => status === 'SUCCESSFUL');
    const last = before.find(({ definition }) => definition !== now?.definition);
    if (last) needed.set(last.definition, `${name} ran it before`);
    const begun = history.find(({ status }) => status === 'IN_PROGRESS');
    if (begun) needed.set(begun.definition, `${name} is about to run it`);
  }
  for (const { definition } of tasks) needed.set(definition, 'a task runs it');
  const active = families.get('permits')!.filter(({ isActive }) => isActive);
  for (const definition of [...needed.keys()]) {
    const [family, revision] = definition.split(':');
    const before = active.findLast((each) => each.revision < Number(revision));
    if (family === 'permits' && before) {
      needed.set(`permits:${before.revision}`, `the one before ${definition}`);
    }
  }
  for (const { revision } of active.slice(-keep)) needed.set(`permits:${revision}`, 'is new');
  return needed;
}

/** By the digest, why. */
function neededImages(
  region: Region,
  keep: number,
  first: Map<string, number>,
  newest: Set<string>,
) {
  const { families, services, tasks, manifests } = region;
  const needed = new Map([...newest].map((digest) => [digest, 'is new']));
  const byName = (name: string, why: string) => {
    const [, tag, digest] = /permits(?::([^@]+))?(?:@(.+))?$/.exec(name)!;
    for (const each of manifests) {
      const isIt = digest ? each.digest === digest : each.tags.includes(tag!);
      if (isIt) needed.set(each.digest, why);
    }
  };
  const definitions = neededDefinitions(region, keep);
  for (const [family, all] of families) {
    const last = all.findLast(({ isActive }) => isActive);
    for (const each of all) {
      const { revision, image } = each;
      const why = definitions.get(`${family}:${revision}`);
      if (why) byName(image, `${family}:${revision} names it, ${why}`);
      const isSince = revision > first.get(family)!;
      if (each === last || isSince)
        byName(image, `${family}:${revision} names it, registered last`);
    }
  }
  for (const { image, digest } of tasks) {
    byName(image, 'a task runs it');
    needed.set(digest, 'a task runs it');
  }
  for (const { deployments, history } of services) {
    if (!deployments[0]!.definition.startsWith('permits:')) continue;
    const [now, ...before] = history.filter(({ status }) => status === 'SUCCESSFUL');
    const last = before.find(({ definition }) => definition !== now?.definition);
    for (const each of [now, last]) if (each) needed.set(each.digest, 'a service ran it');
  }
  return withParts(manifests, needed);
}

/** And what they consist of, and what is signed of them. */
function withParts(manifests: Manifest[], needed: Map<string, string>) {
  for (let size = -1; size !== needed.size; ) {
    size = needed.size;
    for (const { digest, parts, subject } of manifests) {
      if (subject && needed.has(subject)) needed.set(digest, `is about ${subject}`);
      if (needed.has(digest)) for (const part of parts) needed.set(part, `is part of ${digest}`);
    }
  }
  return needed;
}

function newestOf(manifests: Manifest[], keep: number): Set<string> {
  const parts = new Set(manifests.flatMap((each) => each.parts));
  return new Set(
    manifests
      .filter(({ digest, tags, subject }) => tags.length > 0 || !(parts.has(digest) || subject))
      .toSorted((a, b) => b.pushedAt - a.pushedAt)
      .slice(0, keep)
      .map(({ digest }) => digest),
  );
}
