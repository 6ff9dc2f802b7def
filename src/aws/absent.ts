/** What a call answers, or undefined where AWS says by that error's name that there is no such thing. */
export async function orAbsent<T>(call: Promise<T>, absent: RegExp): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (absent.test((error as Error).name)) return undefined;
    throw error;
  }
}
