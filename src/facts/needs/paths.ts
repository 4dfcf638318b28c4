import { trimEndOf } from '../../kit/index.ts';

/** Where installed files live. /proc, /dev, /sys and /tmp are not made of files that could be packed. */
const topFolders = new Set(['usr', 'etc', 'var', 'lib', 'lib32', 'lib64', 'bin', 'sbin', 'opt', 'run', 'srv']);
const slash = 0x2f;
const longest = 4096;
const mostPaths = 50_000;

const isPathByte = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@') {
  isPathByte[character.charCodeAt(0)] = 1;
}

/**
 * Absolute paths that stand in a file's content, each once, in their order: whole words only, so that `/lib` in
 * `/usr/lib` is none. What follows a `%` or `$` is cut off, with the component it stands in.
 */
export function absolutePathsIn(bytes: Buffer): string[] {
  const found = new Set<string>();
  for (let at = bytes.indexOf(slash); at !== -1 && found.size < mostPaths; at = bytes.indexOf(slash, at + 1)) {
    if (at > 0 && isPathByte[bytes[at - 1] ?? 0] === 1) continue;
    const first = bytes[at + 1] ?? 0;
    if (first < 0x61 || first > 0x7a || !topFolders.has(componentAt(bytes, at + 1))) continue;
    const path = pathAt(bytes, at);
    found.add(path);
    at += Math.max(path.length - 1, 0);
  }
  found.delete('');
  return [...found];
}

/** Up to six characters before the next slash; '' when none follows. */
function componentAt(bytes: Buffer, start: number): string {
  for (let end = start; end < start + 6; end++) {
    if (bytes[end] === slash) return bytes.toString('latin1', start, end);
  }
  return '';
}

function pathAt(bytes: Buffer, start: number): string {
  let end = start;
  while (end < bytes.length && end - start < longest && isPathByte[bytes[end] ?? 0] === 1) end++;
  let text = bytes.toString('latin1', start, end);
  const next = bytes[end];
  if (next === 0x25 || next === 0x24) text = text.slice(0, text.lastIndexOf('/'));
  return trimEndOf(text, '.,/=');
}

/** File names of libraries (`libfoo.so.1`, without a directory) that stand in a file's content as words of their own. */
export function libraryNamesIn(bytes: Buffer): string[] {
  const found = new Set<string>();
  const mark = Buffer.from('.so');
  for (let at = bytes.indexOf(mark); at !== -1 && found.size < mostPaths; at = bytes.indexOf(mark, at + 1)) {
    let start = at;
    while (start > 0 && at - start < longest && isPathByte[bytes[start - 1] ?? 0] === 1) start--;
    const text = pathAt(bytes, start);
    if (text.startsWith('lib') && !text.includes('/')) found.add(text);
  }
  return [...found];
}
