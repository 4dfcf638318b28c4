import { findStrings, parseElf } from '../../formats/elf/index.ts';
import { baseName, imagePath, isFault } from '../../kit/index.ts';
import type { FileNode } from '../../rootfs/index.ts';
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

export const isBusyBox = (name: string): boolean => /^busybox([.-]|$)/.test(name);

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
    const strings = elf === undefined ? [] : await findStrings(content, elf);
    const names = new Set(strings);
    const isListed = everywhere.every((name) => names.has(name));
    return {
      applets: isListed ? new Set([...names].filter((name) => appletNames.test(name))) : undefined,
      prefersApplets: [...names].some((text) => /BusyBox v[\d.]+ \((Debian|Ubuntu)/.test(text)),
    };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { applets: undefined, prefersApplets: false };
  }
}

/** BusyBox is what it is called, or what its first argument says. */
export async function followBusyBox(setting: Setting, process: Process): Promise<Problem | undefined> {
  const called = baseName(imagePath(process.argv[0] ?? ''));
  const isDirect = isBusyBox(called);
  const applet = isDirect ? process.argv[1] : called;
  if (applet === undefined || applet.startsWith('--')) return undefined;
  if (process.script !== undefined && /\s/.test(process.argument ?? '') && isDirect) {
    return problem(
      'shebang-args',
      `BusyBox gets “${process.argument}” from the first line of ${process.script.path} as one argument`,
      {
        subject: process.script.path,
      },
    );
  }
  const { applets } = await busyBoxAt(process.command.node);
  if (applets?.has(applet) === false && (isDirect || programNamed(called) === undefined)) {
    return problem('program-missing', `BusyBox at ${process.command.path} has no applet ${applet}`, {
      missing: [applet],
      subject: process.command.path,
    });
  }
  const argv = isDirect ? process.argv.slice(1) : process.argv;
  return programNamed(baseName(imagePath(applet)))?.follow?.(setting, { ...process, argv });
}
