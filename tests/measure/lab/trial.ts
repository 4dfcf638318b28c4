import { randomUUID } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import { closureOf } from '../../../src/facts/loader/index.ts';
import { needsOf } from '../../../src/facts/needs/index.ts';
import { recogniseProgram } from '../../../src/formats/program/index.ts';
import { type ImagePath, imagePath } from '../../../src/kit/index.ts';
import { type FileTree, readFile, resolve } from '../../../src/rootfs/index.ts';
import type { LabCommand } from './commands.ts';
import { enter, openedIn, type Ran } from './enter.ts';
import { linkedRoot, writeOver } from './roots.ts';

/** What came of one command. */
export interface Trial {
  readonly command: LabCommand;
  /** Why it proves nothing: it hangs, or its output changes from run to run. */
  readonly excluded: 'hangs' | 'unstable' | undefined;
  readonly option: string;
  readonly openedBytes: number;
  readonly closure: Outcome;
  readonly packed: Outcome;
}

export interface Outcome {
  readonly works: boolean;
  readonly bytes: number;
  /** The first lines of what it said instead. */
  readonly said: string;
}

/** What is known of a command from the full tree: does not change with the rules. */
export interface Reference {
  readonly option: string;
  readonly excluded: Trial['excluded'];
  readonly code: number;
  readonly output: string;
  readonly opened: readonly string[];
  readonly closure: Outcome;
}

export interface Lab {
  readonly root: string;
  readonly tree: FileTree;
  /** A directory on the file system of `root`, for roots made of hard links. */
  readonly work: string;
}

const options = ['--version', '--help', '-V', '-h'];

/** The first option that ends well, twice with the same output, and what the program opens with it. */
export async function referenceOf({ path }: LabCommand, lab: Lab): Promise<Reference> {
  let option = options[0] ?? '';
  let first = await enter(lab.root, [path, option]);
  for (const other of options.slice(1)) {
    if ((first.code === 0 && first.output.length > 5) || first.timedOut) break;
    const ran = await enter(lab.root, [path, other]);
    if (ran.code === 0 && ran.output.length > 5) [option, first] = [other, ran];
  }
  const nothing = { works: false, bytes: 0, said: '' };
  if (first.timedOut) return { option, excluded: 'hangs', code: first.code, output: '', opened: [], closure: nothing };
  const trace = `${lab.work}/${randomUUID()}.trace`;
  await enter(lab.root, [path, option], trace);
  const opened = await filesOpened(openedIn(trace), lab.tree);
  rmSync(trace, { force: true });
  const second = await enter(lab.root, [path, option]);
  const excluded = isSame(first, second) ? undefined : 'unstable';
  const closure = await outcomeOf({ paths: await plainClosure(path, lab.tree), path, option }, first, lab);
  return { option, excluded, code: first.code, output: first.output, opened, closure };
}

/** Packs the command as `osless pack` does, and runs it. */
export async function packedOutcome({ path }: LabCommand, reference: Reference, lab: Lab): Promise<Outcome> {
  const { needs, added } = await needsOf(lab.tree, imagePath(path));
  const paths = needs.map((need) => need.path);
  return outcomeOf({ paths, added, path, option: reference.option }, reference, lab);
}

/** Distinct files, with what the kernel opens for them: interpreters of scripts and loaders. */
async function filesOpened(names: Iterable<string>, tree: FileTree): Promise<string[]> {
  const files = new Set<ImagePath>();
  for (const name of names) {
    if (/^\/(proc|sys|dev)\//.test(name)) continue;
    const found = await resolve(tree, imagePath(name));
    if (found.found && found.node.kind === 'file') files.add(found.path);
  }
  if (files.size > 0) {
    const loader = await resolve(tree, imagePath('/lib64/ld-linux-x86-64.so.2'));
    const usesLibc = [...files].some((file) => /\/libc\.so\.6$/.test(file));
    if (loader.found && usesLibc) files.add(loader.path);
  }
  return [...files];
}

export function bytesOf(root: string, paths: Iterable<string>): number {
  let bytes = 0;
  const seen = new Set<number>();
  for (const path of paths) {
    const stats = lstatSync(root + path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || seen.has(stats.ino)) continue;
    seen.add(stats.ino);
    bytes += stats.size;
  }
  return bytes;
}

/** What `ldd` tells: the program or the script with its interpreters, their loader and libraries. */
async function plainClosure(path: string, tree: FileTree): Promise<string[]> {
  const files = new Set<string>();
  let next: string | undefined = path;
  for (let depth = 0; next !== undefined && depth < 4; depth++) {
    const found = await resolve(tree, imagePath(next));
    if (!found.found) break;
    for (const link of found.links) files.add(link);
    files.add(found.path);
    const program = recogniseProgram((await readFile(tree, found.path, 2 ** 28))?.subarray(0, 4096) ?? Buffer.alloc(0));
    if (program.kind === 'elf') for (const file of (await closureOf(tree, found.path)).files) files.add(file.path);
    next = program.kind === 'script' ? program.interpreter : undefined;
  }
  return [...files];
}

interface Wanted {
  readonly paths: readonly string[];
  readonly added?: FileTree;
  readonly path: string;
  readonly option: string;
}

async function outcomeOf(wanted: Wanted, reference: { code: number; output: string }, lab: Lab): Promise<Outcome> {
  const root = `${lab.work}/${randomUUID()}`;
  try {
    linkedRoot(root, lab.root, wanted.paths);
    if (wanted.added !== undefined) await writeOver(root, wanted.added);
    const ran = await enter(root, [wanted.path, wanted.option]);
    const works = isSame(ran, reference);
    return {
      works,
      bytes: bytesOf(lab.root, wanted.paths),
      said: works ? '' : `${ran.code}: ${difference(ran.output, reference.output)}`,
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const isSame = (ran: Pick<Ran, 'code' | 'output'>, reference: { code: number; output: string }): boolean =>
  ran.code === reference.code && ran.output === reference.output;

function difference(output: string, reference: string): string {
  const known = new Set(reference.split('\n'));
  const lines = output.split('\n').filter((line) => !known.has(line) && line !== '--');
  return lines.slice(0, 3).join(' / ').slice(0, 300);
}
