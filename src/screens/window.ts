/**
 * The part of a list that fits: as many lines as there are, with the cursor's in it, or from `top` on.
 * @returns where it starts and ends; lines outside are for the arrows above and below.
 */
export function windowOf(
  length: number,
  height: number,
  cursor: number,
  top = cursor - Math.floor(height / 2),
): { from: number; to: number } {
  if (length <= height) return { from: 0, to: length };
  const from = Math.min(Math.max(top, 0), length - height);
  return { from, to: from + height };
}
