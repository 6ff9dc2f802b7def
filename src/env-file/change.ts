import { UserError } from '../errors.ts';
import { type EnvFile, parseEnvFile } from './parse.ts';

/** As the app will read it; undefined where the key is not in the file. */
export function valueIn(file: EnvFile, key: string): string | undefined {
  return file.entries.get(key)?.value;
}

/**
 * The file with that value, and all else byte for byte as it was: a value is replaced where it
 * stands, in its kind of quotes where they will do; a new key becomes the last line.
 * @throws UserError where there is no way of writing the value.
 */
export function withValue(file: EnvFile, key: string, value: string): EnvFile {
  const { text, name } = file;
  const entry = file.entries.get(key);
  if (entry?.value === value) return file;
  const written = writtenValue(key, value, entry?.quote);
  if (entry) {
    return parseEnvFile(text.slice(0, entry.start) + written + text.slice(entry.end), name);
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const line = `${key}=${written}`;
  const ended = text === '' || text.endsWith('\n');
  return parseEnvFile(text + (ended ? line + newline : newline + line), name);
}

/** In the first kind of quotes, or none, from which the same value is read again. */
function writtenValue(key: string, value: string, preferred = ''): string {
  const ways = [preferred, '', '"', "'", '`'].map((quote) => quote + value + quote);
  const written = ways.find((way) => {
    try {
      // With a space behind it, as where a comment follows.
      return valueIn(parseEnvFile(`${key}=${way} `, key), key) === value;
    } catch {
      return false;
    }
  });
  if (written !== undefined) return written;
  throw new UserError(`The value of ${key} cannot be written into a file of variables.`);
}
