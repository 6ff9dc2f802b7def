import type { Place } from '../scope.ts';
import type { UserKey, UserKeys } from './user-keys.ts';

/** That a user's two keys leave no room for another: what is wrong, and what can be done. */
export function noRoom({ names }: Place, { user, keys }: UserKeys): [message: string, fix: string] {
  const idlest = keys.toSorted((a, b) => lastSeen(a) - lastSeen(b))[0]?.id;
  const each = keys.map((key) => `${key.id} (${inWords(key)})`).join(' and ');
  const own =
    user === names.deployUser
      ? ''
      : 'Give the app a user of its own, so that one leaked key is one app: --set access-key=own-user. Or replace';
  return [
    `${user} has two access keys, which is all that AWS allows: ${each}.`,
    `${own || 'Replace'} one that is no longer needed: --set access-key=replace-${idlest}. Or take one whose secret you have: --set access-key=${idlest}.`,
  ];
}

function inWords({ app, created, lastUsed, active }: UserKey): string {
  return [
    app ? `of ${app}` : 'of no app that its tags name',
    lastUsed ? `last used ${day(lastUsed)}` : `never used, made ${day(created)}`,
    ...(active ? [] : ['inactive']),
  ].join(', ');
}

function lastSeen({ lastUsed, created }: UserKey): number {
  return Number(lastUsed ?? created);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
