import { Text } from 'ink';
import { useEffect, useState } from 'react';
import type { Preflight } from '../aws/preflight.ts';
import { checkRegion } from '../aws/regions.ts';
import type { Where } from '../commands/conversation.ts';
import { Body, type Hint, useSpace } from './frame.tsx';
import { type KeyHandler, useKeys } from './keys.ts';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';
import { type Field, fieldOf, pasted, textOf, typed } from './text-field.ts';

type SettleScene = Extract<Scene, { kind: 'settle' }>;
type Editing = { what: 'region' | 'profile'; field: Field; trouble?: string };

/** Where one is and what one may do there; another Region or profile can be named. */
export function Settle({ scene, where }: { scene: SettleScene; where: Where }) {
  const { columns } = useSpace();
  const permissions = useSettled(scene.permissions);
  const [editing, setEditing] = useState<Editing>();
  const isFixed = where.sandbox;
  const onKey: KeyHandler = (input, key) => {
    if (editing) setEditing(edited(editing, input, key, scene));
    else if (key.return) scene.answer(undefined);
    else if (input === 'r') setEditing({ what: 'region', field: fieldOf(where.region) });
    else if (input === 'p' && !isFixed)
      setEditing({ what: 'profile', field: fieldOf(where.profile ?? '') });
  };
  useKeys(
    onKey,
    (text) => editing && setEditing({ ...editing, field: pasted(editing.field, text) }),
  );
  const width = columns - 3;
  const rows = [
    <Text key="title" bold color="cyan">
      Where
    </Text>,
    <Text key="gap"> </Text>,
    ...facts(where).map(([name, value]) => (
      <Text key={name} wrap="truncate-end">
        <Text dimColor>{name.padEnd(10)}</Text>
        {value}
      </Text>
    )),
    <Text key="gap2"> </Text>,
    ...prose(wordsFor(permissions), width).map((line) => (
      <Text key={line} color={permissions?.denied.length ? 'yellow' : undefined}>
        {line}
      </Text>
    )),
    ...(editing ? editorRows(editing, width) : []),
  ];
  const keys: Hint[] = editing
    ? [
        ['⏎', 'go there'],
        ['esc', 'as it was'],
      ]
    : [
        ['⏎', 'go on'],
        ['r', 'other Region'],
        ...(isFixed ? [] : [['p', 'other profile'] as const]),
      ];
  return <Body rows={rows} cursor={editing ? rows.length - 1 : 0} keys={keys} />;
}

function edited(
  editing: Editing,
  input: string,
  key: Parameters<typeof typed>[2],
  scene: SettleScene,
): Editing | undefined {
  if (key.escape) return undefined;
  if (!key.return)
    return { ...editing, field: typed(editing.field, input, key), trouble: undefined };
  const value = textOf(editing.field).trim();
  try {
    scene.answer({
      [editing.what]: editing.what === 'region' ? checkRegion(value) : value || undefined,
    });
    return undefined;
  } catch (error) {
    const { message, fix = '' } = error as Error & { fix?: string };
    return { ...editing, trouble: `${message} ${fix}` };
  }
}

function editorRows({ what, field, trouble }: Editing, width: number) {
  return [
    <Text key="gap3"> </Text>,
    <Text key="field">
      <Text color="cyan">{`❯ ${what}: `}</Text>
      {textOf(field)}
      <Text color="cyan">▏</Text>
    </Text>,
    ...(trouble
      ? prose(`✖ ${trouble}`, width).map((line) => (
          <Text key={line} color="red">
            {line}
          </Text>
        ))
      : []),
  ];
}

function facts({ account, caller, region, profile, endpoint, sandbox }: Where): [string, string][] {
  return [
    ['account', account],
    ['you are', caller],
    ['Region', region],
    ...(profile ? [['profile', profile] as [string, string]] : []),
    ...(endpoint
      ? [
          [
            'endpoint',
            `${endpoint}${sandbox ? ', a local AWS that costs nothing' : ', not AWS'}`,
          ] as [string, string],
        ]
      : []),
  ];
}

function wordsFor(permissions: Preflight | undefined): string {
  if (!permissions) return 'Looking whether you may do all this…';
  if (permissions.unknown)
    return 'Whether you may do all this could not be looked up; you will see.';
  if (permissions.denied.length === 0)
    return '✔ You may do all that is needed, as far as AWS can tell.';
  return `! You seem not to be allowed ${permissions.denied.join(', ')}. docs/permissions.md has the policy that allows it. You can go on: AWS’s own simulation is not always right.`;
}

function useSettled<T>(promise: Promise<T>): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    let isHere = true;
    promise.then((settled) => isHere && setValue(settled));
    return () => {
      isHere = false;
    };
  }, [promise]);
  return value;
}
