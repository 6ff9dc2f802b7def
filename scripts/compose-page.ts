import { ecsParamsKeys } from '../src/deploy/compose/ecs-params.ts';
import type { Fate, Keys } from '../src/deploy/compose/keys.ts';
import { fileKeys } from '../src/deploy/compose/read.ts';
import { serviceKeys } from '../src/deploy/compose/service-keys.ts';

const HEAD = `<!-- Written by \`npm run docs\` from src/deploy/compose. -->

# deploy/docker-compose.yml

An app's task definition is made of its \`deploy/docker-compose.yml\`. Every service in it is a container, and all of them are one task: they start together, on one instance. What ECS would certainly refuse is said before anything is built, with file, line and key:

    deploy/docker-compose.yml:12: services.app.build: deploy builds the image from deploy/Dockerfile, …

Nothing is dropped silently. Below is every key: what it becomes, why nothing comes of it, or why it is refused and what to do. Keys that begin with \`x-\` are your own.

**The load balancer** sends requests to the first container that has a port of TCP under \`ports\`, and to its first. Write the port that the app listens on, like \`"3000"\`: the instance's own is left to ECS, so that the next version can start beside the last one.

**Memory** is needed: \`mem_limit\` stops a container that takes more, \`mem_reservation\` is what an instance must have free for it.

**Containers find each other** by \`links\`: \`links: [redis]\` makes the host name redis known. ECS has no networks of compose.

**Logs** go to the cluster's log group, below the app's name, where \`logging\` says nothing else.

## Variables

\`$NAME\` and \`\${NAME}\` stand for what is set where the deploy runs. One that is not set is an error, where Docker would take it for empty.

| written | is |
| --- | --- |
| \`\${NAME:-default}\`, \`\${NAME-default}\` | the default when NAME is not set; with the colon also when it is empty |
| \`\${NAME:?message}\`, \`\${NAME?message}\` | an error with that message then |
| \`\${NAME:+other}\`, \`\${NAME+other}\` | the other value when NAME is set, else nothing |
| \`$$\` | a dollar sign |
| \`NAME\` alone under \`environment\` | NAME with the value that it has where the deploy runs |

What several services share can be written once, with anchors and \`<<\`. Values are taken as they are written: \`VERSION: 1.10\` stays 1.10.

## Secrets

A task definition can be read by everybody who may look at ECS, and its old versions stay. So a variable, or whatever else is said of a container, is refused when its name or its value looks like a secret: \`DB_PASSWORD\`, \`API_KEY\`, \`https://user:password@…\`, or what takes its value from one that does. Put it into the app's .env: \`digital-apps add-app --env-file FILE\`. If it is none, say so at the end of the file:

    x-digital-apps:
      plaintext: [MAP_TOKEN]

## Written for ecs-cli

Files that ecs-cli took are read here, too. Where it was silent, this is not:

- It left keys out with a warning; here they are refused, or carried over: \`healthcheck\`, \`depends_on\`, \`deploy.resources\`, \`init\`, \`sysctls\`.
- It took a port of the instance as fixed, with \`"80:3000"\`. That is refused.
- It took 512 MiB where no memory was given. Write \`mem_limit: 512m\`.
- It made a limit of a \`mem_reservation\` alone. Here it is a reservation.
- It put nothing for a variable that is not set. That is an error.
- It gave \`NAME=\` the value that NAME has where it runs. Here that is an empty one; \`NAME\` alone does it.
- It read ecs-params.yml. What stands there is to be written into this file; where one is in the repository, the first thing that it says is refused, with its place here (below).
`;

/** docs/compose.md, whole. */
export function composePage(): string {
  const { services: _, ...ofFile } = fileKeys;
  const sections = [
    section('Keys of a service', serviceKeys),
    section('Keys of the file', ofFile),
    section('Keys of ecs-params.yml', ecsParamsKeys),
  ];
  return [HEAD, ...sections].join('\n');
}

function section(title: string, keys: Keys): string {
  const rows = rowsOf(keys);
  const those = (kind: keyof typeof WORDS) =>
    table(
      WORDS[kind],
      rows.flatMap(([key, fate]) => (kind in fate ? [[key, fate]] : [])),
    );
  return [`## ${title}`, '', ...those('to'), ...those('leftOut'), ...those('refused')].join('\n');
}

const WORDS = {
  to: ['carried over', 'to'],
  leftOut: ['left out', 'because'],
  refused: ['refused', 'because'],
};

type Row = [key: string, fate: Fate];

/** With the keys of keys, by the way that leads to them. */
function rowsOf(keys: Keys, way = ''): Row[] {
  return Object.entries(keys).flatMap(([name, fate]): Row[] => {
    const key = way + name;
    if (!('to' in fate)) return [[key, fate]];
    return [...(fate.to ? [[key, fate] as Row] : []), ...rowsOf(fate.keys ?? {}, `${key}.`)];
  });
}

/** Keys of which the same is said share a row. */
function table([left, right]: string[], rows: Row[]): string[] {
  if (rows.length === 0) return [];
  const keys = Map.groupBy(rows, ([, fate]) => said(fate));
  const lines = [...keys].map(
    ([text, same]) => `| ${same.map(([key]) => `\`${key}\``).join(', ')} | ${text} |`,
  );
  return [`| ${left} | ${right} |`, '| --- | --- |', ...lines, ''];
}

function said(fate: Fate): string {
  if ('to' in fate) return fate.to;
  return 'leftOut' in fate ? fate.leftOut : `${sentence(fate.refused)}. ${fate.instead}`;
}

function sentence(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
