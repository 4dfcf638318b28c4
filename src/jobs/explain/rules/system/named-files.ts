import { imagePath, parentPath } from '../../../../kit/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { directoryOf, exists, find, isReadable, isUnprivileged, mayWriteIn } from './ask.ts';
import { constantsOf } from './code.ts';
import { isLengthed, type Work } from './work.ts';

const openers = /^(fopen|fopen64|freopen|open|open64|openat|opendir|chdir)$|basic_(i|o)?fstream|basic_filebuf/;
/** Below directories where files are kept: other texts with slashes are routes of servers. */
const plainPath =
  /^\/(etc|var|usr|opt|srv|run|tmp|home|root|app|data|config|conf|mnt|media|logs?|secrets)(\/[\w.+@-]+)+\/?$/;
/** What the kernel, the engine, libc and the loader answer for, or other rules. */
const elsewhere =
  /^\/(proc|sys|dev)\/|^\/(usr\/)?(local\/)?s?bin\/|^\/(usr\/)?lib\w*\/|^\/etc\/(passwd|group|shadow|hosts|hostname|resolv\.conf|services|protocols|nsswitch\.conf|localtime|ld[.-].*|ssl\/.*|pki\/.*|mime\.types|timezone|os-release)$|^\/usr\/share\/(zoneinfo|locale|i18n)|^\/var\/(run\/utmp|log\/wtmp|log\/lastlog)$|X{6}|^\/(home|root)\/.*\.[ch](pp)?$|^\/(build|src|usr\/src)\//;
/** What libc itself names, in a static program, and Go's net. */
const ofLibc =
  /^\/etc\/(aliases|ethers|gshadow|host\.conf|netgroup|networks|rpc|gai\.conf|suid-debug|mdns\.allow|mtab|fstab|shells|zoneinfo\/?|securetty|utmp)$|^\/var\/(tmp|profile|run\/nscd\/.*|run\/utmpx?|log\/wtmpx?|cache\/nscd.*)$|^\/usr\/(lib|share)\//;
/** Files that programs read and do not make. */
const readFiles =
  /\.(conf|cnf|cfg|config|ini|ya?ml|json|toml|xml|properties|pem|crt|key|env|tmpl|html|sql|dat|csv|txt)$/;
const readers = /^\/(etc|usr\/share|usr\/local\/(etc|share)|opt)\//;
/** What a program makes in its working directory. */
const ownFile = /^(\.\/)?[\w-]+\.(log|pid|db|sqlite3?|sock|lock|out|tmp)$/;
/** Where programs make files of their own. */
const written = /^\/(var|run|tmp|data|srv|logs?|home|root|app|media|mnt)\//;
const most = 20;

/** Files that stand in a small program as constants, and which no open(2) could succeed for. */
export async function namedFiles(scene: Scene, work: Work): Promise<readonly Found[]> {
  if (!work.isSmall) return [];
  const isClosed = work.program.closure.flavour === 'static';
  if (!isClosed && !isLengthed(work) && ![...work.imports].some((name) => openers.test(name))) return [];
  const texts = isLengthed(work) ? await constantsOf(scene, work.program) : await work.program.strings();
  const isClosedDirectory = isUnprivileged(scene) && !(await mayWriteIn(scene, directoryOf(scene)));
  const paths = [...texts].filter(
    (text) =>
      (plainPath.test(text) && !elsewhere.test(text) && !(isClosed && ofLibc.test(text))) ||
      (isClosedDirectory && ownFile.test(text)),
  );
  const found: Found[] = [];
  for (const path of paths.slice(0, most)) {
    const why = await problemOf(scene, path);
    if (why === undefined) continue;
    // Files of one name in several places are tried in turn, and a program that does so may do without.
    const isOneOfSome = [...texts].filter((text) => nameOf(text) === nameOf(path)).length > 1;
    found.push({
      severity: isOneOfSome ? 'notes' : 'degrades',
      says: `${work.program.path} names ${path}, ${why.says}`,
      advice: why.advice,
      missing: [path.replace(/\/$/, '')],
      about: { path },
    });
  }
  return found;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

interface Why {
  readonly says: string;
  readonly advice: string;
}

async function problemOf(scene: Scene, path: string): Promise<Why | undefined> {
  const parent = path.startsWith('/') ? parentPath(imagePath(path)) : directoryOf(scene);
  const user = scene.config.user ?? 'root';
  if (await exists(scene, path)) return notAllowed(scene, path, user);
  if (!(await exists(scene, parent))) {
    return {
      says: `and the image has no directory ${parent}`,
      advice: `RUN mkdir -p ${parent}, and COPY there what belongs in it.`,
    };
  }
  if (isUnprivileged(scene) && (written.test(path) || ownFile.test(path)) && !(await mayWriteIn(scene, parent))) {
    return {
      says: `which is not there, and its user may not make files in ${parent}`,
      advice: `RUN chown ${user} ${parent}`,
    };
  }
  if (readFiles.test(path) && readers.test(path))
    return { says: 'which the image does not have', advice: `COPY it to ${path}.` };
  return undefined;
}

/** A file that is there and may not be opened. */
async function notAllowed(scene: Scene, path: string, user: string): Promise<Why | undefined> {
  const found = await find(scene, path);
  if (found?.node.kind === 'directory' && /^\/(var|run|data|srv|tmp)\//.test(path) && !(await mayWriteIn(scene, path)))
    return { says: 'and its user may not write there', advice: `RUN chown ${user} ${path}` };
  if (found?.node.kind !== 'file' || (await isReadable(scene, path))) return undefined;
  return { says: 'which its user may not read', advice: `RUN chown ${user} ${path}` };
}
