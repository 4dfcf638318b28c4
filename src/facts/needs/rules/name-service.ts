import type { Rule } from '../rule.ts';

const callers = `getpwnam getpwuid getpwnam_r getpwuid_r getgrnam getgrgid getgrnam_r getgrgid_r getgrouplist initgroups
  getaddrinfo gethostbyname gethostbyname_r gethostbyaddr getnameinfo getservbyname getservbyport getprotobyname
  getpwent getgrent getlogin`.split(/\s+/);

/** Before glibc 2.34 even /etc/passwd and DNS are read by modules that libc opens. */
export const nameService: Rule = {
  name: 'name-service',
  async wishesOf(subject, scene) {
    if (subject.process?.flavour !== 'glibc' || hasOwnModules(subject.process.objects)) return [];
    const caller = await subject.importsAny(callers);
    if (caller === undefined) return [];
    const names = ['libnss_files.so.2', 'libnss_dns.so.2'];
    const paths = await Promise.all(names.map((name) => scene.findLibrary(name)));
    return paths
      .filter((path) => path !== undefined)
      .map((path) => ({
        path,
        level: 'needed',
        detail: `${caller} asks the modules of nsswitch.conf`,
        role: 'module',
      }));
  },
};

/** Whether libc has `files` and `dns` inside: glibc 2.34 and later. */
const hasOwnModules = (
  objects: readonly {
    readonly elf: { readonly dynamic?: { readonly versionsDefined?: readonly string[] | undefined } | undefined };
    readonly path: string;
  }[],
): boolean =>
  objects.some(
    ({ path, elf }) => /\/libc[.-]/.test(path) && (elf.dynamic?.versionsDefined?.includes('GLIBC_2.34') ?? false),
  );
