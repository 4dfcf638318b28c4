import type { Rule, Wish } from '../rule.ts';

const callers = ['execl', 'execlp', 'execv', 'execvp', 'execve', 'popen', 'system', 'posix_spawn', 'posix_spawnp'];
const names = ['gzip', 'bzip2', 'xz', 'zstd', 'lzma', 'lz4', 'lzop', 'compress'];
/** So many names of them are no accident. */
const enough = 3;

/**
 * Compressors that an archiver starts. Their names are the ends of its options (`xz` of `txz`), as linkers store
 * one text that ends like another only once, so that they do not stand among the strings.
 */
export const compressors: Rule = {
  name: 'compressor',
  async wishesOf(subject, scene) {
    if (subject.role !== 'program' || (await subject.elf()) === undefined) return [];
    const caller = await subject.importsAny(callers);
    if (caller === undefined) return [];
    const bytes = await subject.bytes();
    const named = names.filter((name) => bytes.includes(`${name}\0`, 0, 'latin1'));
    if (named.length < enough) return [];
    const paths = await Promise.all(named.map((name) => scene.findCommand(name)));
    return paths
      .filter((path) => path !== undefined)
      .map(
        (path): Wish => ({
          path,
          level: 'likely',
          detail: `named in it, and ${caller} starts programs`,
          role: 'program',
        }),
      );
  },
};
