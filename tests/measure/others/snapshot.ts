import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What every name of a tree is, in words, by its path (bytes as Latin-1). */
export type Snapshot = ReadonlyMap<string, string>;

/** Times are compared to a microsecond, which is what Node can set. */
const nanosecondsOfUnit = 1000n;

/** Looks at everything below `folder`: type, mode, owner, size, content, target, links, device, time, xattrs. */
export function snapshotOf(folder: string): Snapshot {
  const paths = pathsBelow(Buffer.from(folder));
  const xattrs = xattrsBelow(folder);
  const groups = new Map<bigint, string>();
  const snapshot = new Map<string, string>();
  for (const full of paths) {
    const path = full.subarray(folder.length).toString('latin1');
    const stat = lstatSync(full, { bigint: true });
    const first = groups.get(stat.ino) ?? path;
    groups.set(stat.ino, first);
    const parts = [
      `mode ${stat.mode.toString(8)}`,
      `owner ${stat.uid}:${stat.gid}`,
      ...(stat.isFile() ? [`size ${stat.size}`, createHash('sha256').update(readFileSync(full)).digest('hex')] : []),
      ...(stat.isSymbolicLink() ? [`to ${readlinkSync(full, 'latin1')}`] : []),
      ...(stat.isCharacterDevice() || stat.isBlockDevice() ? [`device ${stat.rdev}`] : []),
      ...(stat.isDirectory() || stat.nlink === 1n ? [] : [`one of ${stat.nlink} with ${first}`]),
      `time ${stat.mtimeNs / nanosecondsOfUnit}`,
      ...(xattrs.get(path) ?? []),
    ];
    snapshot.set(path || '/', parts.join(', '));
  }
  return snapshot;
}

type View = (path: string, what: string) => string;

/** Each path that is only in one, or not the same in both; `view` leaves out what shall not be compared. */
export function differences(ours: Snapshot, theirs: Snapshot, view: View = (_, what) => what): string[] {
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  const seen = (tree: Snapshot, path: string): string =>
    tree.has(path) ? view(path, tree.get(path) ?? '') : 'missing';
  return paths
    .filter((path) => seen(ours, path) !== seen(theirs, path))
    .map((path) => `${JSON.stringify(path)}\n  ours:   ${seen(ours, path)}\n  theirs: ${seen(theirs, path)}`);
}

function pathsBelow(folder: Buffer): Buffer[] {
  const found = [folder];
  for (const name of readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare)) {
    const full = Buffer.concat([folder, Buffer.from('/'), name]);
    if (lstatSync(full).isDirectory()) found.push(...pathsBelow(full));
    else found.push(full);
  }
  return found;
}

/** By path; getfattr writes unusual bytes of names as octal. */
function xattrsBelow(folder: string): Map<string, string[]> {
  const options = ['-R', '-P', '-h', '-d', '-m', '-', '-e', 'hex', '--absolute-names', folder];
  const { stdout, error } = spawnSync('getfattr', options, { maxBuffer: 1 << 28 });
  if (error !== undefined) throw new Error('getfattr is not installed (package attr)');
  const found = new Map<string, string[]>();
  for (const block of stdout.toString('latin1').split('\n\n')) {
    const [title = '', ...lines] = block.trim().split('\n');
    const name = title
      .replace(/^# file: /, '')
      .replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    if (lines.length > 0) found.set(name.slice(folder.length), lines.sort());
  }
  return found;
}
