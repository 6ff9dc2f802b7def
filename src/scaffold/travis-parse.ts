import { type Alias, isMap, LineCounter, parseAllDocuments, visit, type YAMLMap } from 'yaml';
import { UserError } from '../errors.ts';
import type { Config } from './travis-config.ts';

export const TRAVIS_YML = '.travis.yml';

export interface Parsed {
  /** Its nodes, with their places in the text; null when it holds nothing but comments. */
  root: YAMLMap | null;
  /** What it means, aliases and merge keys resolved. */
  config: Config;
}

/**
 * Reads a .travis.yml.
 * @throws UserError with line and column when it is no YAML, or when it holds something else than settings.
 */
export function parse(text: string): Parsed {
  const lineCounter = new LineCounter();
  // The core schema, so that `on` is a name whatever version of YAML the file says it is.
  const options = { lineCounter, prettyErrors: false, schema: 'core', merge: true } as const;
  const documents = [...parseAllDocuments(text, options)];
  const refuse = (offset: number, why: string): never => {
    const { line, col } = lineCounter.linePos(offset);
    throw new UserError(
      `${TRAVIS_YML} is not valid YAML: line ${line}, column ${col}: ${why}.`,
      'Mend it there and run this again; it was not changed.',
    );
  };
  const error = documents.flatMap(({ errors }) => errors)[0];
  // After a colon comes what stands in the file, which may be secret.
  if (error) refuse(error.pos[0], error.message.replace(/:.*/s, ''));
  const [document, another] = documents;
  if (!document) return { root: null, config: {} };
  if (another)
    throw new UserError(
      `${TRAVIS_YML} holds several documents, parted by “---”.`,
      'Keep the one that Travis reads, and run this again.',
    );
  visit(document, {
    Alias(_, alias: Alias) {
      if (!alias.resolve(document))
        refuse(alias.range![0], `*${alias.source} is not defined above`);
    },
  });
  const config: unknown = document.toJS();
  if (isMap(document.contents)) return { root: document.contents, config: config as Config };
  if (config === null) return { root: null, config: {} };
  throw new UserError(
    `${TRAVIS_YML} holds no settings.`,
    'Travis wants lines like “language: node_js”. Mend it or remove it, and run this again.',
  );
}
