import { type ImagePath, imagePath } from '../../kit/index.ts';
import { type FileTree, readFile, resolve } from '../../rootfs/index.ts';

/** What a tree says of its distribution. */
export interface OsRelease {
  /** The name by which it was found. */
  readonly path: ImagePath;
  readonly fields: ReadonlyMap<string, string>;
}

const places = ['/etc/os-release', '/usr/lib/os-release'].map(imagePath);
const limitBytes = 64 * 1024;
const longestValue = 200;

/** os-release(5): /etc's goes before /usr/lib's. undefined where neither is there, or is no such file. */
export async function readOsRelease(tree: FileTree): Promise<OsRelease | undefined> {
  for (const path of places) {
    const found = await resolve(tree, path);
    if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > limitBytes) continue;
    const fields = parseOsRelease((await readFile(tree, path, limitBytes))?.toString('utf8') ?? '');
    return { path, fields };
  }
  return undefined;
}

/**
 * Lines `NAME=value` with the quoting of os-release(5): none, '…', or "…" with backslashes before `"`, `$`, `` ` ``
 * and `\`. The last of two lines for a name counts, as in a shell. Values lose control characters.
 */
export function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, printable(unquote(value.trim())));
  }
  return fields;
}

function unquote(value: string): string {
  const quote = value[0];
  if (quote === "'") return value.slice(1, endOf(value.indexOf("'", 1), value));
  if (quote !== '"') return value.replace(/\\(.)/g, '$1');
  const [inside = ''] = /^(?:[^"\\]|\\.)*/.exec(value.slice(1)) ?? [];
  return inside.replace(/\\(["$`\\])/g, '$1');
}

const endOf = (index: number, value: string): number => (index === -1 ? value.length : index);

/** For terminals and reports: one line, of bounded length. */
export const printable = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longestValue);
