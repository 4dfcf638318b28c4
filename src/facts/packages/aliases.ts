import type { ImagePath } from '../../kit/index.ts';

/** The names that a record may use for a file where /bin, /sbin and /lib* are links into /usr. */
export function aliasesOf(path: ImagePath): ImagePath[] {
  const merged = /^(\/usr)?(\/(?:bin|sbin|lib|lib32|lib64|libx32|libo32)\/.*)$/.exec(path);
  const short = merged?.[2];
  if (short === undefined) return [path];
  return (merged?.[1] === undefined ? [path, `/usr${short}`] : [path, short]) as ImagePath[];
}
