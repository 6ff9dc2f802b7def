import type { Key } from 'ink';

/** A line being typed: what one sees as characters, and the cursor between them. */
export interface Field {
  characters: string[];
  cursor: number;
}

const segmenter = new Intl.Segmenter();

/** An emoji or a letter with its accents is one character here, whatever it is made of. */
export function fieldOf(text: string): Field {
  const characters = [...segmenter.segment(text)].map(({ segment }) => segment);
  return { characters, cursor: characters.length };
}

export function textOf({ characters }: Field): string {
  return characters.join('');
}

/** The field after a key. */
export function typed(field: Field, input: string, key: Key): Field {
  const { characters, cursor } = field;
  const at = (position: number): Field => ({
    characters,
    cursor: Math.min(Math.max(position, 0), characters.length),
  });
  if (key.leftArrow) return at(cursor - 1);
  if (key.rightArrow) return at(cursor + 1);
  if (key.home || (key.ctrl && input === 'a')) return at(0);
  if (key.end || (key.ctrl && input === 'e')) return at(characters.length);
  if (key.ctrl && input === 'u') return { characters: characters.slice(cursor), cursor: 0 };
  // Terminals send "delete" for the backspace key.
  if (key.backspace || key.delete) {
    if (cursor === 0) return field;
    return { characters: characters.toSpliced(cursor - 1, 1), cursor: cursor - 1 };
  }
  if (key.ctrl || key.meta || key.tab || key.return || key.escape || key.upArrow || key.downArrow) {
    return field;
  }
  return inserted(field, input);
}

/** The field after a paste: in one line, without the blanks around it. */
export function pasted(field: Field, text: string): Field {
  return inserted(field, text.trim().replace(/\s+/g, ' '));
}

function inserted({ characters, cursor }: Field, text: string): Field {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, '');
  // An accent or the next part of an emoji joins the character before it.
  const before = fieldOf(characters.slice(0, cursor).join('') + clean);
  const after = characters.slice(cursor);
  return { characters: [...before.characters, ...after], cursor: before.cursor };
}
