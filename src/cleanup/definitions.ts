import {
  DescribeTaskDefinitionCommand,
  paginateListTaskDefinitionFamilies,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../aws/absent.ts';
import { inBatches } from '../aws/batches.ts';
import type { Aws } from '../aws/clients.ts';
import type { NamedImage } from './running.ts';

/** ECS answers twenty such questions a second. */
const AT_ONCE = 20;

/** Which images task definitions name; a revision never changes, so that each is asked for once. */
export class Definitions {
  readonly #aws: Aws;
  /** By "permits:41". */
  readonly #known = new Map<string, NamedImage[]>();
  /** By the family, what its newest revision was at the first look. */
  readonly #first = new Map<string, number>();

  constructor(aws: Aws) {
    this.#aws = aws;
  }

  /** By "permits:41". */
  async imagesOf(definitions: string[]): Promise<NamedImage[]> {
    const all = [...new Set(definitions)];
    const unknown = all.filter((definition) => !this.#known.has(definition));
    for (const [definition, found] of await this.#readAll(unknown)) {
      this.#known.set(definition, imagesIn(found));
    }
    return all.flatMap((definition) => this.#known.get(definition)!);
  }

  /**
   * What the newest of each family of the Region names by now: a task that is started by hand or by
   * a schedule may run from a family without any service. And what all name that were registered
   * since the first look: a deploy may wait long before it takes into service what it registered.
   */
  async newestImages(): Promise<NamedImage[]> {
    const newest = await this.#readAll(await this.#families());
    const recent = newest.flatMap(([family, found]) => {
      const revision = found?.revision;
      if (revision === undefined) return [];
      this.#known.set(`${family}:${revision}`, imagesIn(found));
      const first = Math.min(this.#first.get(family) ?? revision, revision);
      this.#first.set(family, first);
      return Array.from(
        { length: revision - first + 1 },
        (_, index) => `${family}:${first + index}`,
      );
    });
    return this.imagesOf(recent);
  }

  /** Those that have an active one. */
  async #families(): Promise<string[]> {
    const pages = await Array.fromAsync(
      paginateListTaskDefinitionFamilies(
        { client: this.#aws.ecs, pageSize: 100 },
        { status: 'ACTIVE' },
      ),
    );
    return pages.flatMap(({ families = [] }) => families);
  }

  /** Of a family's name, its newest active one; undefined for what is not there. */
  async #readAll(definitions: string[]): Promise<[string, TaskDefinition | undefined][]> {
    const read = async (taskDefinition: string): Promise<[string, TaskDefinition | undefined]> => {
      const call = new DescribeTaskDefinitionCommand({ taskDefinition });
      const found = await orAbsent(this.#aws.ecs.send(call), /^ClientException$/);
      return [taskDefinition, found?.taskDefinition];
    };
    const all: [string, TaskDefinition | undefined][] = [];
    for (const part of inBatches(definitions, AT_ONCE)) {
      all.push(...(await Promise.all(part.map(read))));
    }
    return all;
  }
}

function imagesIn({ containerDefinitions = [], family, revision }: TaskDefinition = {}) {
  const why = `named by ${family}:${revision}`;
  return containerDefinitions.flatMap(({ image }) => (image ? [{ image, why }] : []));
}
