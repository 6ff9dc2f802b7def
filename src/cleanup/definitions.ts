import {
  DescribeTaskDefinitionCommand,
  paginateListTaskDefinitionFamilies,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../aws/absent.ts';
import { inBatches } from '../aws/batches.ts';
import type { Aws } from '../aws/clients.ts';
import type { NamedImage } from './running.ts';

/** ECS answers twenty such questions a second. */
const AT_ONCE = 20;

/** Which images task definitions name; they never change, so that each is asked for once. */
export class Definitions {
  readonly #aws: Aws;
  readonly #known = new Map<string, NamedImage[]>();

  constructor(aws: Aws) {
    this.#aws = aws;
  }

  /** By ARNs or "permits:41"; of a family's name alone, its newest active one. */
  async imagesOf(definitions: string[]): Promise<NamedImage[]> {
    const all = [...new Set(definitions)];
    const unknown = all.filter((definition) => !this.#known.has(definition));
    for (const part of inBatches(unknown, AT_ONCE)) {
      await Promise.all(
        part.map(async (definition) => this.#known.set(definition, await this.#read(definition))),
      );
    }
    return all.flatMap((definition) => this.#known.get(definition)!);
  }

  /** All families of the Region that have an active one. */
  async families(): Promise<string[]> {
    const pages = await Array.fromAsync(
      paginateListTaskDefinitionFamilies(
        { client: this.#aws.ecs, pageSize: 100 },
        { status: 'ACTIVE' },
      ),
    );
    return pages.flatMap(({ families = [] }) => families);
  }

  async #read(taskDefinition: string): Promise<NamedImage[]> {
    const found = await orAbsent(
      this.#aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition })),
      /^ClientException$/,
    );
    const { containerDefinitions = [], family, revision } = found?.taskDefinition ?? {};
    const why = `named by ${family}:${revision}`;
    return containerDefinitions.flatMap(({ image }) => (image ? [{ image, why }] : []));
  }
}
