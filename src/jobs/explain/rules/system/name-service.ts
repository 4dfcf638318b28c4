import { childPath, parentPath } from '../../../../kit/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { exists, readText } from './ask.ts';
import { glibcRelease, type Work } from './work.ts';

/** `files` and `dns` are in libc.so.6 itself from this release on. */
const builtInSince = 34;
const builtIn = new Set(['files', 'dns']);
const callers: readonly (readonly [string, readonly string[]])[] = [
  ['passwd', ['getpwnam', 'getpwnam_r', 'getpwuid', 'getpwuid_r', 'initgroups', 'getgrouplist']],
  ['group', ['getgrnam', 'getgrnam_r', 'getgrgid', 'getgrgid_r']],
  ['hosts', ['getaddrinfo', 'gethostbyname', 'gethostbyname_r', 'gethostbyname2', 'getnameinfo']],
  ['services', ['getservbyname', 'getservbyname_r']],
];

/** Look-ups of glibc for which none of the modules that it would ask is there. musl reads no nsswitch.conf. */
export async function lookupProblems(scene: Scene, work: Work): Promise<readonly Found[]> {
  const release = glibcRelease(work);
  if (release === undefined) return [];
  const configured = await databasesOf(scene);
  const found: Found[] = [];
  for (const [database, names] of callers) {
    const caller = work.importsAny(names);
    if (caller === undefined) continue;
    const modules = configured?.get(database) ?? defaultsOf(database);
    const absent = await absentOf(modules, { scene, work, release });
    if (absent.length === 0 || absent.length < modules.length) continue;
    const isOwnChoice = modules.every((module) => !builtIn.has(module));
    found.push({
      severity: work.isSmall || isOwnChoice ? 'degrades' : 'notes',
      says: `${work.program.path} looks ${subjects[database] ?? database} up (${caller}), and the image has none of the modules that glibc 2.${release} asks: ${absent.join(', ')}`,
      advice: configured?.has(database)
        ? `Write ${database}: ${defaultsOf(database).join(' ')} into /etc/nsswitch.conf, or leave that file out.`
        : `Bring ${absent.join(' and ')} beside libc.so.6.`,
      missing: absent,
      about: { caller, program: work.program.path, database },
    });
  }
  return found;
}

const subjects: Readonly<Record<string, string>> = { passwd: 'users', group: 'groups' };

const defaultsOf = (database: string): readonly string[] => (database === 'hosts' ? ['files', 'dns'] : ['files']);

/** The modules of each database of /etc/nsswitch.conf; conditions in brackets are passed over. */
async function databasesOf(scene: Scene): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const text = await readText(scene, '/etc/nsswitch.conf');
  if (text === undefined) return undefined;
  const databases = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, name, modules] = /^\s*(\w+):([^#]*)/.exec(line) ?? [];
    const names = (modules ?? '')
      .replace(/\[[^\]]*\]/g, ' ')
      .split(/\s+/)
      .filter((each) => each !== '');
    if (name !== undefined && names.length > 0) databases.set(name, names);
  }
  return databases;
}

interface Asked {
  readonly scene: Scene;
  readonly work: Work;
  readonly release: number;
}

async function absentOf(modules: readonly string[], { scene, work, release }: Asked): Promise<string[]> {
  const folders = new Set(
    work.program.closure.objects
      .filter(({ path }) => /\/libc[.-][^/]*$/.test(path))
      .map(({ path }) => parentPath(path)),
  );
  const absent: string[] = [];
  for (const module of new Set(modules)) {
    if (release >= builtInSince && builtIn.has(module)) continue;
    const name = `libnss_${module}.so.2`;
    const places = [...folders].map((folder) => childPath(folder, name));
    const isThere = await Promise.all(
      [...places, `/lib/${name}`, `/usr/lib/${name}`].map((path) => exists(scene, path)),
    );
    if (!isThere.includes(true)) absent.push(name);
  }
  return absent;
}
