/** "1–40, 42 and 43–50": of many stretches the first, and how many are left out. */
export function ranges(numbers: number[], most = 6): string {
  const stretches: [first: number, last: number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else stretches.push([number, number]);
  }
  const shown = stretches.slice(0, most);
  const left = stretches.slice(most).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const words = shown.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return [...words, ...(left > 0 ? [`${grouped(left)} more`] : [])].join(', ');
}

/** "1 image", "2,490 images". */
export function counted(number: number, thing: string): string {
  return `${grouped(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** "41.2 GB", as AWS charges for it. */
export function space(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : 'less than 1 MB';
}

/** "2,490". */
export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
