import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a real loader said of one file. */
export interface RealAnswer {
  /** Names in the order printed, with the paths that were opened; the loader itself has no arrow. */
  readonly objects: readonly { readonly requested: string; readonly path: string }[];
  /** Names that it did not find. */
  readonly missing: readonly string[];
  /** `GLIBC_2.38 of /lib/libc.so.6, required by /app`, as far as it tells. */
  readonly versions: readonly string[];
  /** Everything else that it printed. */
  readonly remarks: readonly string[];
}

export interface Question {
  readonly loader: string;
  readonly file: string;
}

const marker = '@@osless@@';
const busybox = '/bin/busybox';
const guestEmulator = '/.osless-qemu';

/** Whose loaders are asked. */
export interface Realm {
  readonly root: string;
  readonly flavour: 'glibc' | 'musl';
  /** As formats/elf names it. */
  readonly machineName: string;
}

/** Why the loaders of a realm cannot be asked on this machine; undefined when they can. */
export function reasonNotToAsk({ root, machineName }: Realm): string | undefined {
  if (root !== '/' && !existsSync(busybox)) return `there is no static ${busybox} to enter the tree with`;
  const emulator = emulatorOf(machineName);
  return emulator === undefined || (root !== '/' && existsSync(emulator))
    ? undefined
    : `${machineName} without ${emulator}`;
}

/**
 * Asks the loaders of a tree, entered by chroot where it is not the machine's own root, without any environment.
 * glibc is asked by LD_TRACE_LOADED_OBJECTS, which unlike --list goes on after what it misses.
 * A foreign machine's loader is run by QEMU, which lies in the tree meanwhile.
 */
export async function askLoaders(realm: Realm, questions: readonly Question[]): Promise<RealAnswer[]> {
  const emulator = emulatorOf(realm.machineName);
  const guest = join(realm.root, guestEmulator);
  if (emulator !== undefined) copyFileSync(emulator, guest);
  try {
    const output = await runAll(commandFor(realm), questions);
    const answers = output.split(`${marker}\n`).slice(1);
    if (answers.length === questions.length) return answers.map((answer) => parseAnswer(answer));
    throw new Error(`${questions.length} questions, ${answers.length} answers: ${output.slice(0, 500)}`);
  } finally {
    if (emulator !== undefined) rmSync(guest);
  }
}

/** The command, for the reader of the figures too. busybox is static: the loader's variable is nothing to it. */
export function commandFor({ root, flavour, machineName }: Realm): readonly string[] {
  const enter = root === '/' ? '' : `${busybox} chroot ${root} `;
  const emulate = emulatorOf(machineName) === undefined ? '' : guestEmulator;
  const variable = 'LD_TRACE_LOADED_OBJECTS=1';
  const start = emulate === '' ? `${variable} ${enter}` : `${enter}${emulate} -E ${variable} `;
  const ask = flavour === 'glibc' ? `${start}"$loader"` : `${enter}${emulate} "$loader" --list`;
  const loop = `while read -r loader && read -r file; do echo ${marker}; ${ask} "$file" 2>&1; done`;
  return ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', '/bin/sh', '-c', loop];
}

/** QEMU's program for a machine that this one does not execute itself. */
function emulatorOf(machineName: string): string | undefined {
  const own: Readonly<Record<string, readonly string[]>> = { x64: ['x86_64', 'i386'], arm64: ['aarch64'] };
  const names: Readonly<Record<string, string>> = { armhf: 'arm', mips64el: 'mips64el', sparc32plus: 'sparc32plus' };
  return own[process.arch]?.includes(machineName)
    ? undefined
    : `/usr/bin/qemu-${names[machineName] ?? machineName}-static`;
}

/**
 * Asks a loader for one program in an environment. busybox, which is static, enters the tree, so that the loader's
 * variables reach only the loader.
 */
export function askLoaderIn(
  root: string,
  flavour: 'glibc' | 'musl',
  env: readonly string[],
  question: Question,
): RealAnswer {
  const variables = flavour === 'glibc' ? [...env, 'LD_TRACE_LOADED_OBJECTS=1'] : env;
  const own = Object.fromEntries(
    variables.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  const list = flavour === 'musl' ? ['--list'] : [];
  const { stdout, stderr, signal } = spawnSync(busybox, ['chroot', root, question.loader, ...list, question.file], {
    env: own,
    encoding: 'utf8',
  });
  return parseAnswer(`${stdout}${stderr}${signal === null ? '' : `\nthe loader itself was killed by ${signal}`}`);
}

function runAll(command: readonly string[], questions: readonly Question[]): Promise<string> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stdin.end(questions.map(({ loader, file }) => `${loader}\n${file}\n`).join(''));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(parts).toString('utf8')));
  });
}

function parseAnswer(text: string): RealAnswer {
  const objects: { requested: string; path: string }[] = [];
  const missing: string[] = [];
  const versions: string[] = [];
  const remarks: string[] = [];
  for (const line of text.split('\n').filter((part) => part !== '')) {
    const [, requested, path] = /^\t(.+?) (?:=> (.+?) )?\(0x[0-9a-f]+\)$/.exec(line) ?? [];
    const [, absent] = /^\t(.+) => not found$/.exec(line) ?? /^Error loading shared library (.+?): /.exec(line) ?? [];
    const [, library, version, by] = /^.*?: (.+): version [`'](.+)' not found \(required by (.+)\)$/.exec(line) ?? [];
    if (requested !== undefined) objects.push({ requested, path: path ?? requested });
    else if (absent !== undefined) missing.push(absent);
    else if (version !== undefined) versions.push(`${version} of ${library}, required by ${by}`);
    else remarks.push(line.trim());
  }
  return { objects, missing, versions, remarks };
}
