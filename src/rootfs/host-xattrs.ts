import { spawnSync } from 'node:child_process';
import { readTar } from '../formats/tar/index.ts';
import { bytesOfText, bytesSource, type ImagePath, imagePath, textOfBytes } from '../kit/index.ts';
import type { FileNode } from './tree.ts';
import type { TreeEntry } from './walk.ts';

const capability = 'security.capability';
const pattern = '^security\\.capability$';
const mostOutput = 1 << 30;
/** Names per child process, well below what the kernel takes as arguments. */
const batch = 500;

/** File capabilities, by path and full attribute name. */
export type FoundXattrs = ReadonlyMap<ImagePath, ReadonlyMap<string, Uint8Array>>;

/**
 * The file capabilities of files under `dir`. Node cannot ask for them, so a child process does: getfattr, or GNU tar
 * where that is not installed; where neither can, and for names that are not UTF-8 under getfattr, none are found.
 * Only what the kernel would execute is asked about (see {@link mayHaveCapabilities}); without such a file nothing
 * is started. One start costs 2 to 5 ms.
 */
export async function hostXattrs(dir: string, entries: Iterable<TreeEntry>): Promise<FoundXattrs> {
  const names = [...entries].filter(({ path, node }) => mayHaveCapabilities(path, node)).map(({ path }) => `.${path}`);
  const found = new Map<ImagePath, ReadonlyMap<string, Uint8Array>>();
  for (let at = 0; at < names.length; at += batch) {
    const some = names.slice(at, at + batch);
    const answer = askGetfattr(dir, some) ?? (await askTar(dir, some));
    for (const [path, value] of answer) found.set(path, new Map([[capability, value]]));
  }
  return found;
}

/** An executable that is no library by its name: capabilities of anything else have no effect. */
export const mayHaveCapabilities = (path: ImagePath, node: FileNode): boolean =>
  node.kind === 'file' && (node.mode & 0o111) !== 0 && node.sizeBytes > 0 && !/\.so(\.[^/]*)?$/.test(path);

type Answer = readonly (readonly [ImagePath, Uint8Array])[];

/** undefined when it is not installed. */
function askGetfattr(dir: string, names: readonly string[]): Answer | undefined {
  const args = [
    '--absolute-names',
    '--no-dereference',
    '--dump',
    '--encoding=hex',
    `--match=${pattern}`,
    '--',
    ...names,
  ];
  const { stdout, error } = spawnSync('getfattr', args, {
    cwd: dir,
    maxBuffer: mostOutput,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error) return undefined;
  const blocks = textOfBytes(stdout).matchAll(/^# file: (.*)\nsecurity\.capability=0x([0-9a-f]+)$/gm);
  return [...blocks].map(([, name = '', hex = '']) => [imagePath(unescaped(name)), Buffer.from(hex, 'hex')]);
}

/** getfattr writes a byte that would break its lines as a backslash and three octal digits. */
const unescaped = (name: string): string =>
  name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

async function askTar(dir: string, names: readonly string[]): Promise<Answer> {
  const args = ['--create', '--file=-', '--format=posix', '--xattrs', `--xattrs-include=${capability}`];
  const { stdout, status } = spawnSync('tar', [...args, '--no-recursion', '--null', '--files-from=-'], {
    cwd: dir,
    input: bytesOfText(names.join('\0')),
    maxBuffer: mostOutput,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (status !== 0) return [];
  const answer: [ImagePath, Uint8Array][] = [];
  for await (const { header } of readTar(bytesSource(stdout).open())) {
    const value = header.xattrs.get(capability);
    if (value) answer.push([imagePath(header.path), value]);
  }
  return answer;
}
