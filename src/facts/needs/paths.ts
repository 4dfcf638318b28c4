/** Where installed files live. /proc, /dev, /sys and /tmp are not made of files that could be packed. */
const prefixes = ['/usr/', '/etc/', '/var/', '/lib', '/bin/', '/sbin/', '/opt/', '/run/', '/srv/'].map((text) =>
  Buffer.from(text),
);
const longest = 4096;
const mostPaths = 50_000;

const isPathByte = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@') {
  isPathByte[character.charCodeAt(0)] = 1;
}

/**
 * Absolute paths that stand in a file's content, each once, in the order of their prefixes: whole words only,
 * so that `/lib` in `/usr/lib` is none. What follows a `%` or `$` is cut off, with the component it stands in.
 */
export function absolutePathsIn(bytes: Buffer): string[] {
  const found = new Set<string>();
  for (const prefix of prefixes) {
    for (let at = bytes.indexOf(prefix); at !== -1 && found.size < mostPaths; at = bytes.indexOf(prefix, at + 1)) {
      if (at > 0 && isPathByte[bytes[at - 1] ?? 0] === 1) continue;
      found.add(pathAt(bytes, at));
    }
  }
  found.delete('');
  return [...found];
}

function pathAt(bytes: Buffer, start: number): string {
  let end = start;
  while (end < bytes.length && end - start < longest && isPathByte[bytes[end] ?? 0] === 1) end++;
  let text = bytes.toString('latin1', start, end);
  const next = bytes[end];
  if (next === 0x25 || next === 0x24) text = text.slice(0, text.lastIndexOf('/'));
  return text.replace(/[.,/=]+$/, '');
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
