import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import { UserError } from '../../errors.ts';
import { faultIn } from '../../yaml-fault.ts';
import { interpolate, type Variables, variablesIn } from './interpolation.ts';

interface Source {
  file: string;
  document: Document.Parsed;
  lines: LineCounter;
  variables: Variables;
}

/** A value in a compose file, with the place that errors name. Anchors and merge keys are followed. */
export class Field {
  /** The keys that lead to it, like "services.app.image"; a list's items have the list's own. */
  readonly path: string;
  private readonly source: Source;
  private readonly offset: number;
  private readonly node: Node | null | undefined;

  constructor(source: Source, path: string, node: Node | null | undefined, offset: number) {
    this.source = source;
    this.path = path;
    this.offset = offset;
    this.node = isAlias(node) ? node.resolve(source.document) : node;
  }

  /** "deploy/docker-compose.yml:12: services.app.build: …" */
  wrong(says: string, fix?: string): UserError {
    const { file, lines } = this.source;
    const where = [`${file}:${lines.linePos(this.offset).line}`, this.path].filter(Boolean);
    return new UserError(`${where.join(': ')}: ${says}.`, fix);
  }

  get isNull(): boolean {
    if (!this.node) return true;
    if (!isScalar(this.node) || this.node.type !== 'PLAIN') return false;
    return /^(~|null|Null|NULL|)$/.test(this.node.source ?? '');
  }

  get isMap(): boolean {
    return isMap(this.node);
  }

  get isList(): boolean {
    return isSeq(this.node);
  }

  /** A single value as it was written, with the variables put in. */
  text(): string {
    if (this.isNull) throw this.wrong('there is no value');
    if (!isScalar(this.node)) throw this.wrong('a single value belongs here');
    const { variables } = this.source;
    return interpolate(String(this.node.value), variables, (...says) => this.wrong(...says));
  }

  /** The variables that its text names. */
  variables(): string[] {
    return isScalar(this.node) ? variablesIn(String(this.node.value)) : [];
  }

  /** What is set where the deploy runs, for a name that stands without a value. */
  variable(name: string): string {
    return interpolate(`\${${name}}`, this.source.variables, (...says) => this.wrong(...says));
  }

  items(): Field[] {
    if (!isSeq<Node>(this.node)) throw this.wrong('a list belongs here');
    return this.node.items.map((item) => this.child(this.path, item, item.range![0]));
  }

  entries(): Map<string, Field> {
    if (!isMap<Node, Node | null>(this.node)) throw this.wrong('keys with values belong here');
    const found = new Map<string, Field>();
    this.collect(this.node, found, new Set());
    return found;
  }

  /** A map's own keys go before what is merged into it, and so does what is merged first. */
  private collect(
    map: YAMLMap<Node, Node | null>,
    found: Map<string, Field>,
    seen: Set<unknown>,
  ): void {
    if (seen.has(map)) return;
    seen.add(map);
    for (const { key, value } of map.items) {
      if (isMergeKey(key)) continue;
      if (!isScalar<string>(key)) throw this.wrong('a key should be a name');
      const path = this.path ? `${this.path}.${key.value}` : key.value;
      if (!found.has(key.value)) found.set(key.value, this.child(path, value, key.range![0]));
    }
    for (const { key, value } of map.items) {
      if (!isMergeKey(key)) continue;
      const merged = this.child(this.path, value, key.range![0]);
      for (const one of merged.isList ? merged.items() : [merged]) {
        const node = one.node;
        if (!isMap<Node, Node | null>(node)) throw one.wrong('“<<” takes keys with values');
        this.collect(node, found, seen);
      }
    }
  }

  private child(path: string, node: Node | null | undefined, offset: number): Field {
    return new Field(this.source, path, node, offset);
  }
}

/**
 * The whole of a compose file.
 * @throws UserError with the line when it is no YAML.
 */
export function parseFields(text: string, file: string, variables: Variables): Field {
  const lines = new LineCounter();
  // With the failsafe schema every value is the text that was written: 1.10 stays 1.10.
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'failsafe',
    merge: true,
  } as const;
  const [document, another] = [...parseAllDocuments(text, options)];
  if (!document) throw new UserError(`${file} is empty.`);
  const whole = (at: number) =>
    new Field({ file, document, lines, variables }, '', document.contents, at);
  const fault = faultIn(document);
  if (fault) throw whole(fault.offset).wrong(`this is not valid YAML: ${fault.why}`);
  const [strange] = document.warnings;
  if (strange)
    throw whole(strange.pos[0]).wrong('tags like “!this” are not read here', 'Take it out.');
  if (another) {
    throw whole(another.range[0]).wrong('another document begins here', 'Keep one of them.');
  }
  return whole(document.range[0]);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}
