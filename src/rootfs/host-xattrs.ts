import { readTar } from '../formats/tar/index.ts';
import { bytesOfText, bytesSource, type ImagePath, imagePath, isFault, textOfBytes } from '../kit/index.ts';
import type { FileNode } from './tree.ts';
import type { TreeEntry } from './walk.ts';

const capability = 'security.capability';
const pattern = '^security\\.capability$';
/** Names per child process, well below what the kernel takes as arguments. */
const batch = 500;
/** What tar may write; it also writes contents, which nobody wants. */
const mostTarBytes = 1 << 20;

/** File capabilities, by path and full attribute name. */
export type FoundXattrs = ReadonlyMap<ImagePath, ReadonlyMap<string, Uint8Array>>;

/**
 * The file capabilities of files under `dir`. Node cannot ask for them, so a child process does: getfattr, or GNU tar
 * where that is not installed; where neither can, and for names that are not UTF-8 under getfattr, none are found.
 * Only what the kernel would execute is asked about (see {@link mayHaveCapabilities}); without such a file nothing
 * is started. getfattr takes 3 to 5 ms for any number of files, tar 5 to 10 for each MiB of them.
 */
export async function hostXattrs(dir: string, entries: Iterable<TreeEntry>): Promise<FoundXattrs> {
  const candidates = [...entries].filter(({ path, node }) => mayHaveCapabilities(path, node));
  const found = new Map<ImagePath, ReadonlyMap<string, Uint8Array>>();
  for (let at = 0; at < candidates.length; at += batch) {
    const some = candidates.slice(at, at + batch);
    for (const [path, value] of askGetfattr(dir, some) ?? (await askTar(dir, some))) {
      found.set(path, new Map([[capability, value]]));
    }
  }
  return found;
}

/** An executable that is no library by its name: capabilities of anything else have no effect. */
export const mayHaveCapabilities = (path: ImagePath, node: FileNode): boolean =>
  node.kind === 'file' && (node.mode & 0o111) !== 0 && node.sizeBytes > 0 && !/\.so(\.[^/]*)?$/.test(path);

type Answer = readonly (readonly [ImagePath, Uint8Array])[];

/** undefined when it is not installed. */
function askGetfattr(dir: string, entries: readonly TreeEntry[]): Answer | undefined {
  const names = entries.map(({ path }) => `.${path}`);
  const args = [
    '--absolute-names',
    '--no-dereference',
    '--dump',
    '--encoding=hex',
    `--match=${pattern}`,
    '--',
    ...names,
  ];
  const { stdout, error } = process.getBuiltinModule('node:child_process').spawnSync('getfattr', args, {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error) return undefined;
  const blocks = textOfBytes(stdout).matchAll(/^# file: (.*)\nsecurity\.capability=0x([0-9a-f]+)$/gm);
  return [...blocks].map(([, name = '', hex = '']) => [imagePath(unescaped(name)), Buffer.from(hex, 'hex')]);
}

/** getfattr writes a byte that would break its lines as a backslash and three octal digits. */
const unescaped = (name: string): string =>
  name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/**
 * The smallest files first, as many for one process as it may write, and one more: it is stopped in the middle of
 * that file's content, when its attributes have long been told.
 */
async function askTar(dir: string, entries: readonly TreeEntry[]): Promise<Answer> {
  const waiting = [...entries].sort((a, b) => a.node.sizeBytes - b.node.sizeBytes);
  const answer: (readonly [ImagePath, Uint8Array])[] = [];
  while (waiting.length > 0) {
    let count = 1;
    for (let bytes = 0; count < waiting.length; count++) {
      bytes += (waiting[count - 1]?.node.sizeBytes ?? 0) + tarOverhead;
      if (bytes > mostTarBytes - tarOverhead) break;
    }
    answer.push(...(await askTarOnce(dir, waiting.splice(0, count))));
  }
  return answer;
}

/** Headers, PAX records, padding and the capability itself, for one file. */
const tarOverhead = 8192;

async function askTarOnce(dir: string, entries: readonly TreeEntry[]): Promise<Answer> {
  const args = [
    '--create',
    '--file=-',
    '--format=posix',
    '--numeric-owner',
    '--xattrs',
    `--xattrs-include=${capability}`,
  ];
  const { stdout } = process
    .getBuiltinModule('node:child_process')
    .spawnSync('tar', [...args, '--no-recursion', '--null', '--files-from=-'], {
      cwd: dir,
      input: bytesOfText(entries.map(({ path }) => `.${path}`).join('\0')),
      maxBuffer: mostTarBytes,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  const answer: [ImagePath, Uint8Array][] = [];
  try {
    for await (const { header } of readTar(bytesSource(stdout ?? Buffer.alloc(0)).open())) {
      const value = header.xattrs.get(capability);
      if (value) answer.push([imagePath(header.path), value]);
    }
  } catch (error) {
    if (!isFault(error, 'TAR_MALFORMED')) throw error;
  }
  return answer;
}
