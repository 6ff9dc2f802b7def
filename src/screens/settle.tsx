import { Text } from 'ink';
import { useEffect, useState } from 'react';
import type { Preflight } from '../aws/preflight.ts';
import { checkRegion } from '../aws/regions.ts';
import type { Where } from '../commands/conversation.ts';
import { FieldLine } from './field-line.tsx';
import { Body, useSpace } from './frame.tsx';
import type { Hint } from './hints.ts';
import { type KeyHandler, moved, useKeys } from './keys.ts';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';
import { type Field, fieldOf, pasted, textOf, typed } from './text-field.ts';

type SettleScene = Extract<Scene, { kind: 'settle' }>;
type Editing = { what: 'region' | 'profile'; field: Field; trouble?: string };

/** Where one is and what one may do there; another Region or profile can be named. */
export function Settle({ scene, where }: { scene: SettleScene; where: Where }) {
  const { columns, lines } = useSpace();
  const permissions = useSettled(scene.permissions);
  const [editing, setEditing] = useState<Editing>();
  const [top, setTop] = useState(0);
  const isFixed = where.sandbox;
  const onKey: KeyHandler = (input, key) => {
    if (editing) setEditing(edited(editing, input, key, scene));
    else if (key.return) scene.answer(undefined);
    else if (input === 'r') setEditing({ what: 'region', field: fieldOf(where.region) });
    else if (input === 'p' && !isFixed)
      setEditing({ what: 'profile', field: fieldOf(where.profile ?? '') });
    else {
      const next = moved(top, rows.length, input, key) ?? top;
      setTop(Math.min(next, Math.max(rows.length - lines, 0)));
    }
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
    ...facts(where).flatMap(([name, value]) =>
      prose(value, width - 10).map((line, index) => (
        <Text key={`${name} ${line}`}>
          <Text dimColor>{(index === 0 ? name : '').padEnd(10)}</Text>
          {line}
        </Text>
      )),
    ),
    <Text key="gap2"> </Text>,
    ...prose(wordsFor(permissions), width).map((line) => (
      <Text key={line} color={permissions?.denied.length ? 'yellow' : undefined}>
        {line}
      </Text>
    )),
  ];
  const keys: Hint[] = editing
    ? [
        ['⏎', 'go there'],
        ['esc', 'as it was'],
      ]
    : [
        ['⏎', 'go on'],
        ['r', 'other Region', 'Region'],
        ...(isFixed ? [] : [['p', 'other profile', 'profile'] as const]),
      ];
  const foot = editing ? editorRows(editing, width) : [];
  return <Body rows={rows} top={top} foot={foot} keys={keys} />;
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
    <FieldLine key="field" label={`${LABELS[what]}: `} field={field} />,
    ...(trouble
      ? prose(`✖ ${trouble}`, width).map((line) => (
          <Text key={line} color="red">
            {line}
          </Text>
        ))
      : []),
  ];
}

const LABELS = { region: 'Region', profile: 'profile' };

function facts({ account, caller, region, profile, endpoint, sandbox }: Where): [string, string][] {
  return [
    ['account', account],
    // The account stands above; what is left is the user, or the role and who took it.
    ['you are', caller.split(':').slice(5).join(':')],
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
