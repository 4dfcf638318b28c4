import { findStrings, parseElf } from '../../formats/elf/index.ts';
import { baseName, imagePath, isFault, readAll } from '../../kit/index.ts';
import type { FileNode } from '../../rootfs/index.ts';
import type { Command } from './lookup.ts';
import type { Process } from './programs.ts';
import { programNamed } from './programs.ts';
import type { Setting } from './setting.ts';
import { type Problem, problem } from './verdict.ts';

/** What a BusyBox binary says of itself. */
export interface BusyBox {
  /** Names of its applets; undefined where they cannot be read from it. */
  readonly applets: ReadonlySet<string> | undefined;
  /** Debian's and Ubuntu's start their own applets without a look into PATH (FEATURE_PREFER_APPLETS). */
  readonly prefersApplets: boolean;
}

/** Some of the names that stand among others in every binary's list of applets. */
const everywhere = ['cat', 'echo', 'sh', 'true'];
const appletNames = /^[a-z0-9_[\]][a-z0-9_.+[\]-]{0,30}$/i;

const isBusyBox = (name: string): boolean => /^busybox([.-]|$)/.test(name);

/** BusyBox is larger than the programs that it stands for, and smaller than most with their libraries inside. */
const sizes = { least: 200 * 1024, most: 4 * 1024 * 1024 };
const marked = new WeakMap<FileNode['content'], Promise<boolean>>();

/**
 * Whether a program is BusyBox: by its name, or by its content where it was copied or hard linked to a name of its
 * applets, or to a name that says nothing.
 */
export async function isBusyBoxAt({ path, node }: Command): Promise<boolean> {
  const name = baseName(path);
  if (isBusyBox(name)) return true;
  if (node.sizeBytes < sizes.least || node.sizeBytes > sizes.most) return false;
  if (!/^(sh|ash|env)$/.test(name) && (programNamed(name) !== undefined || !(await isStatic(node)))) return false;
  const found = marked.get(node.content) ?? hasMark(node);
  marked.set(node.content, found);
  return found;
}

async function isStatic({ content }: FileNode): Promise<boolean> {
  try {
    return (await parseElf(content))?.interpreter === undefined;
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    return false;
  }
}

const hasMark = async ({ content }: FileNode): Promise<boolean> =>
  (await readAll(content, sizes.most)).includes('BusyBox v');

const known = new WeakMap<FileNode['content'], Promise<BusyBox>>();

/** Read from the binary's strings, once. */
export function busyBoxAt(node: FileNode): Promise<BusyBox> {
  const found = known.get(node.content) ?? read(node);
  known.set(node.content, found);
  return found;
}

async function read({ content }: FileNode): Promise<BusyBox> {
  try {
    const elf = await parseElf(content);
    const strings = elf === undefined ? [] : await findStrings(content, elf, 1);
    return {
      applets: appletsAmong(strings),
      prefersApplets: strings.some((text) => /BusyBox v[\d.]+ \((Debian|Ubuntu)/.test(text)),
    };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { applets: undefined, prefersApplets: false };
  }
}

/** The list stands in the binary as one run of names, sorted by their bytes. */
function appletsAmong(strings: readonly string[]): ReadonlySet<string> | undefined {
  for (let at = strings.indexOf('cat'); at !== -1; at = strings.indexOf('cat', at + 1)) {
    let [start, end] = [at, at + 1];
    while (start > 0 && follows(strings[start - 1], strings[start])) start--;
    while (end < strings.length && follows(strings[end - 1], strings[end])) end++;
    const names = new Set(strings.slice(start, end));
    if (everywhere.every((name) => names.has(name))) return names;
  }
  return undefined;
}

const follows = (first = '', second = ''): boolean =>
  appletNames.test(first) && appletNames.test(second) && first < second;

/** BusyBox is what it is called, or what its first argument says. */
export async function followBusyBox(setting: Setting, started: Process): Promise<Problem | undefined> {
  const called = baseName(imagePath(started.argv[0] ?? ''));
  const isDirect = isBusyBox(called);
  const applet = isDirect ? started.argv[1] : called;
  if (applet === undefined || applet.startsWith('--')) return undefined;
  if (started.script !== undefined && /\s/.test(started.argument ?? '') && isDirect) {
    return problem(
      'shebang-args',
      `BusyBox gets “${started.argument}” from the first line of ${started.script.path} as one argument`,
      {
        subject: started.script.path,
      },
    );
  }
  // Every BusyBox that is called as a shell has one; the list costs a look at the whole file.
  const applets = /^(sh|ash)$/.test(applet) ? undefined : (await busyBoxAt(started.command.node)).applets;
  if (applets?.has(applet) === false) {
    return problem('program-missing', `BusyBox at ${started.command.path} has no applet ${applet}`, {
      missing: [applet],
      subject: started.command.path,
    });
  }
  const argv = isDirect ? started.argv.slice(1) : started.argv;
  return programNamed(baseName(imagePath(applet)))?.follow?.(setting, { ...started, argv });
}
