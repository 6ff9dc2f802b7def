import { type Alias, type Document, visit } from 'yaml';

/** Why a YAML text cannot be read, and at which of its characters. */
export interface YamlFault {
  offset: number;
  why: string;
}

/** The first fault of a document; never what stands in it, which may be secret. */
export function faultIn(document: Document.Parsed): YamlFault | undefined {
  const [error] = document.errors;
  // After a colon comes what stands in the text, but for “Missing , or : between flow map items”.
  if (error) return { offset: error.pos[0], why: error.message.replace(/(?<!or ):.*/s, '') };
  let fault: YamlFault | undefined;
  visit(document, {
    Alias(_, alias: Alias) {
      if (alias.resolve(document)) return undefined;
      fault = { offset: alias.range![0], why: `*${alias.source} is not defined above` };
      return visit.BREAK;
    },
  });
  return fault;
}
