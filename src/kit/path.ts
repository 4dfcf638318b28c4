declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/**
 * A path inside an image: absolute, no `.` or `..`, no trailing slash; the root is `/`.
 * Bytes that are not UTF-8 are kept as {@link textOfBytes} keeps them.
 */
export type ImagePath = Branded<string, 'ImagePath'>;

export const rootPath = '/' as ImagePath;

/**
 * Tidies a name from an archive or a config; `..` at the root stays there, as after chroot(2).
 * Not for following links: what `link/..` means only a FileTree knows.
 */
export function imagePath(text: string): ImagePath {
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}` as ImagePath;
}

/** The path of `name` (one component) in the directory `parent`. */
export const childPath = (parent: ImagePath, name: string): ImagePath =>
  (parent === '/' ? `/${name}` : `${parent}/${name}`) as ImagePath;

/** The directory that holds `path`; the root's is the root. */
export function parentPath(path: ImagePath): ImagePath {
  const slash = path.lastIndexOf('/');
  return (slash <= 0 ? '/' : path.slice(0, slash)) as ImagePath;
}

/** The last component; empty for the root. */
export const baseName = (path: ImagePath): string => path.slice(path.lastIndexOf('/') + 1);

/** The directories above `path`, the root first, `path` itself not among them. */
export function ancestorsOf(path: ImagePath): ImagePath[] {
  if (path === '/') return [];
  const above: ImagePath[] = [rootPath];
  for (let slash = path.indexOf('/', 1); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    above.push(path.slice(0, slash) as ImagePath);
  }
  return above;
}
