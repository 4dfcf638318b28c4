import { type Elf, parseElf } from '../../formats/elf/index.ts';
import { Fault, type ImagePath, isFault, readAt } from '../../kit/index.ts';
import { type FileNode, type FileTree, walk } from '../../rootfs/index.ts';
import type { Survey, SurveyedElf } from './types.ts';

export interface SurveyOptions {
  readonly signal?: AbortSignal;
}

/** As much of each file as is read before it is known to be ELF. */
const headBytes = 4;
const magic = 0x7f454c46;
/** The smallest ELF header. */
const leastBytes = 52;
const mostElves = 50_000;
/** Names and segments in all ELF files together: what they take in memory. */
const mostParts = 2_000_000;
const mostDamaged = 1000;
const mostPrivileged = 10_000;
const filesPerTurn = 512;
const [setUserId, setGroupId, groupExecutes] = [0o4000, 0o2000, 0o010];

/**
 * All ELF and privileged files of `tree`, in the order of a walk; of several hard links the first.
 * A file that is no ELF file costs the reading of its first bytes. What may not be read is passed over, and so are
 * /proc, /sys, /dev and what a tree has beyond 50,000 ELF files, or fewer that say much.
 * @throws {Fault} ABORTED.
 */
export async function surveyOf(tree: FileTree, { signal }: SurveyOptions = {}): Promise<Survey> {
  const elves: SurveyedElf[] = [];
  const damaged: ImagePath[] = [];
  const privileged: Survey['privileged'][number][] = [];
  const seen = new Set<string>();
  let files = 0;
  let parts = 0;
  for await (const { path, node } of walk(asContainersSee(tree))) {
    if (node.kind !== 'file' || isKnown(node, seen)) continue;
    if (++files % filesPerTurn === 0) await turn(signal);
    if (isPrivileged(node) && privileged.length < mostPrivileged) {
      privileged.push({ path, mode: node.mode, capability: node.xattrs.get('security.capability') });
    }
    if (node.sizeBytes < leastBytes || elves.length === mostElves || parts > mostParts) continue;
    const elf = await elfOf(node);
    if (elf === 'damaged' && damaged.length < mostDamaged) damaged.push(path);
    if (elf === undefined || elf === 'damaged') continue;
    parts += partsOf(elf);
    elves.push({ path, elf });
  }
  return { elves, damaged, privileged };
}

/** Below what engines mount nothing of the tree is seen; a directory that may not be listed is as if it were empty. */
const asContainersSee = (tree: FileTree): FileTree => ({
  lookup: (path) => tree.lookup(path),
  list: async (path) => (mounted.test(path) ? [] : tree.list(path).catch(noneWhenUnreadable)),
});

const mounted = /^\/(proc|sys|dev)$/;

function noneWhenUnreadable(error: unknown): readonly string[] {
  if (isFault(error, 'SYSTEM') || isFault(error, 'FILE_NOT_FOUND')) return [];
  throw error;
}

/** Host trees answer at once, so that nothing else would ever have its turn, the signal's sender among them. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new Fault('ABORTED', 'the work was given up before its end', { cause: signal.reason });
}

function isKnown({ identity }: FileNode, seen: Set<string>): boolean {
  if (identity === undefined) return false;
  if (seen.has(identity)) return true;
  seen.add(identity);
  return false;
}

/** Set-gid without the right to execute marks files for mandatory locking, which Linux has given up. */
const isPrivileged = ({ mode, xattrs }: FileNode): boolean =>
  (mode & setUserId) !== 0 ||
  (mode & (setGroupId | groupExecutes)) === (setGroupId | groupExecutes) ||
  xattrs.has('security.capability');

function partsOf({ segments, dynamic }: Elf): number {
  const { needed = [], versionsNeeded = [], versionsDefined = [] } = dynamic ?? {};
  const versions = versionsNeeded.reduce((sum, need) => sum + need.versions.length, 0);
  return segments.length + needed.length + versions + versionsDefined.length;
}

async function elfOf({ content }: FileNode): Promise<Elf | 'damaged' | undefined> {
  try {
    const head = await readAt(content, 0, headBytes);
    const isElf = head.length >= 4 && new DataView(head.buffer, head.byteOffset).getUint32(0) === magic;
    return isElf ? await parseElf(content) : undefined;
  } catch (error) {
    if (isFault(error, 'ELF_MALFORMED')) return 'damaged';
    if (isFault(error, 'SYSTEM') || isFault(error, 'FILE_NOT_FOUND')) return undefined;
    throw error;
  }
}
