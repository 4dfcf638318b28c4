import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { readAll } from '../../../src/kit/index.ts';
import { type FileTree, walk } from '../../../src/rootfs/index.ts';

/** Makes `root` show `paths` of the directory `tree`, by hard links: both must be on one file system. */
export function linkedRoot(root: string, tree: string, paths: Iterable<string>): void {
  mkdirSync(root, { recursive: true });
  for (const path of paths) put(root, tree, path);
}

function put(root: string, tree: string, path: string): void {
  if (path === '/' || existsAt(root + path)) return;
  const stats = lstatSync(tree + path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  put(root, tree, dirname(path));
  if (stats.isDirectory()) mkdirSync(root + path);
  else if (stats.isSymbolicLink()) symlinkSync(readlinkSync(tree + path), root + path);
  else if (stats.isFile()) linkSync(tree + path, root + path);
  if (!stats.isDirectory()) return;
  chownSync(root + path, stats.uid, stats.gid);
  chmodSync(root + path, stats.mode & 0o7777);
}

const existsAt = (file: string): boolean =>
  existsSync(file) || lstatSync(file, { throwIfNoEntry: false }) !== undefined;

/** Writes the files of a small tree over it. */
export async function writeOver(root: string, added: FileTree): Promise<void> {
  for await (const { path, node } of walk(added)) {
    const file = root + path;
    if (path === '/') continue;
    if (node.kind === 'directory' && !existsAt(file)) mkdirSync(file, { mode: node.mode });
    if (node.kind === 'directory' && node.mode !== 0o755) chmodSync(file, node.mode);
    if (node.kind === 'file') writeFileSync(file, await readAll(node.content, 2 ** 24));
  }
}
