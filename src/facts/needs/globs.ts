import { trimEndOf } from '../../kit/index.ts';

/** Whether a path is matched by one of the globs: `*` and `?` within a component, `**` across them; a match takes what is below it. */
export function globsMatcher(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const all = new RegExp(globs.map((glob) => `^${patternOf(glob)}(?:/|$)`).join('|'));
  return (path) => all.test(path);
}

const patternOf = (glob: string): string =>
  trimEndOf(glob, '/')
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => {
      if (part.startsWith('**')) return part.endsWith('/') ? '(?:.*/)?' : '.*';
      return part === '*' ? '[^/]*' : part === '?' ? '[^/]' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
