/** A key and what it does here; in a word or two where there is little room. */
export type Hint = readonly [key: string, does: string, short?: string];

/** The keys that every scene has; they stay when others have no room. */
const ALWAYS: Hint[] = [
  ['?', 'help'],
  ['^C', 'leave'],
];

/** As much as fits in a line: in fewer words before in fewer keys, the last ones going first. */
export function hintLine(hints: Hint[], width: number): string {
  const always = ALWAYS.filter(([key]) => hints.every(([other]) => other !== key));
  const line = (some: Hint[], isShort: boolean, gap: string) =>
    [...some, ...always]
      .map(([key, does, short]) => `${key} ${isShort ? (short ?? does) : does}`)
      .join(gap);
  const full = [line(hints, false, '   '), line(hints, true, '   ')];
  const fewer = hints.map((_, index) => line(hints.slice(0, hints.length - index), true, '  '));
  return [...full, ...fewer].find((text) => text.length <= width) ?? line([], true, '  ');
}
