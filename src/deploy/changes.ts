import { isDeepStrictEqual } from 'node:util';
import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import { masked } from '../mask.ts';
import type { Difference } from '../tasks/diff.ts';
import { looksSecret } from './secrets.ts';

type Leaves = Map<string, unknown>;

/**
 * What a new version of a task definition would change, like "app.memory", from 512, to 1024; [] when
 * nothing. What ECS adds by itself, and the order of what has none, do not count.
 */
export function changesTo(
  last: TaskDefinition,
  wanted: RegisterTaskDefinitionCommandInput,
): Difference[] {
  const [before, after] = [leavesOf(last), leavesOf(wanted)];
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (field) => !isDeepStrictEqual(before.get(field), after.get(field)),
  );
  // Of a container that comes or goes as a whole, its fields need no lines of their own.
  const wholes = changed.filter((field) => [before, after].some((all) => all.get(field) === THERE));
  return changed
    .filter((field) => !wholes.some((one) => field.startsWith(`${one}.`)))
    .map((field) => ({
      field,
      from: before.has(field) ? shown(field, before.get(field)) : usual(field),
      to: after.has(field) ? shown(field, after.get(field)) : usual(field),
    }));
}

const THERE = 'there';

/** All single values by the way that leads to them, without those that ECS would add. */
function leavesOf(definition: TaskDefinition | RegisterTaskDefinitionCommandInput): Leaves {
  const { containerDefinitions, ...task } = definition;
  const leaves: Leaves = new Map();
  for (const [name, value] of Object.entries(task)) {
    if (!SAID_BY_ECS.has(name)) collect(name, value, leaves);
  }
  collect('', containerDefinitions, leaves);
  for (const [field, value] of leaves) if (value === usual(field)) leaves.delete(field);
  return leaves;
}

const SAID_BY_ECS = new Set([
  ...['taskDefinitionArn', 'family', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'registeredBy', 'deregisteredAt', 'deleteRequestedAt', 'tags'],
]);

function collect(field: string, value: unknown, leaves: Leaves): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    if (value.length > 0 && !value.every(isObject)) leaves.set(field, value);
    for (const item of value.filter(isObject)) collectItem(field, item, leaves);
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) collect(join(field, name), inner, leaves);
  } else {
    leaves.set(field, value);
  }
}

/** An item of a list without an order, under what tells it from the others. */
function collectItem(field: string, item: Record<string, unknown>, leaves: Leaves): void {
  const key = KEYS.find((name) => item[name] !== undefined) ?? '';
  const { [key]: id, ...more } = item;
  let path = join(field, String(id));
  if (key === 'containerPort') {
    path += `/${more.protocol ?? 'tcp'}`;
    delete more.protocol;
  }
  while (leaves.has(path)) path += ' again';
  if (/\.(environment|systemControls)$/.test(field)) {
    leaves.set(path, more.value ?? '');
  } else {
    leaves.set(path, THERE);
    collect(path, more, leaves);
  }
}

/** What an item goes by, the first that it has. */
const KEYS = [
  ...['containerPort', 'name', 'containerPath', 'sourceContainer', 'hostname'],
  ...['namespace', 'containerName', 'hostPath', 'containerPortRange', 'type'],
];

/** What ECS fills in where nothing is said. */
function usual(field: string): unknown {
  return USUAL.find(([pattern]) => pattern.test(field))?.[1];
}

const USUAL: [RegExp, unknown][] = [
  [/^networkMode$/, 'bridge'],
  [/^[^.]+\.cpu$/, 0],
  [/^[^.]+\.essential$/, true],
  [
    /^[^.]+\.(privileged|readonlyRootFilesystem|interactive|pseudoTerminal|disableNetworking)$/,
    false,
  ],
  [/^[^.]+\.versionConsistency$/, 'enabled'],
  [/\.portMappings\.[^.]+\.hostPort$/, 0],
  [/\.(mountPoints|volumesFrom)\..*\.readOnly$/, false],
  [/\.linuxParameters\.initProcessEnabled$/, false],
  [/\.healthCheck\.interval$/, 30],
  [/\.healthCheck\.timeout$/, 5],
  [/\.healthCheck\.retries$/, 3],
  [/\.healthCheck\.startPeriod$/, 0],
  [/^enableFaultInjection$/, false],
];

/** Nobody has checked the last one for secrets, and of the new one some may be said to be none. */
function shown(field: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => shown(field, item));
  if (typeof value !== 'string' || !MAY_HOLD_SECRETS.test(field)) return value;
  return looksSecret(field.split('.').at(-1)!, value) ? '***' : masked(value);
}

const MAY_HOLD_SECRETS =
  /^[^.]+\.(environment|command|entryPoint|healthCheck|logConfiguration|dockerLabels)\b/;

function join(field: string, name: string): string {
  return field ? `${field}.${name}` : name;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}
