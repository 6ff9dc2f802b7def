import { isMap, LineCounter, parseAllDocuments, type YAMLMap } from 'yaml';
import { UserError } from '../errors.ts';
import { faultIn } from '../yaml-fault.ts';
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
  const fault = documents.map(faultIn).find(Boolean);
  if (fault) {
    const { line, col } = lineCounter.linePos(fault.offset);
    throw new UserError(
      `${TRAVIS_YML} is not valid YAML: line ${line}, column ${col}: ${fault.why}.`,
      'Mend it there and run this again; it was not changed.',
    );
  }
  const [document, another] = documents;
  if (!document) return { root: null, config: {} };
  if (another)
    throw new UserError(
      `${TRAVIS_YML} holds several documents, parted by “---”.`,
      'Keep the one that Travis reads, and run this again.',
    );
  const config: unknown = document.toJS();
  if (isMap(document.contents)) return { root: document.contents, config: config as Config };
  if (config === null) return { root: null, config: {} };
  throw new UserError(
    `${TRAVIS_YML} holds no settings.`,
    'Travis wants lines like “language: node_js”. Mend it or remove it, and run this again.',
  );
}
