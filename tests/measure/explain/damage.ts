import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { baseOf } from './bases.ts';
import type { Random } from './dice.ts';
import { placeInside, type Root, statOf } from './root.ts';

type Act = (root: Root, path: string, dice: Random) => Promise<string> | string;

/** Changes one of `paths` in some way; gives what it did. */
export async function damage(root: Root, paths: readonly string[], dice: Random): Promise<string> {
  if (paths.length === 0) return 'nothing';
  const path = dice.pick(paths);
  const stats = lstatSync(root.at(path));
  if (stats.isSymbolicLink()) return dice.pick(linkActs)(root, path, dice);
  if (stats.isDirectory()) return dice.pick(folderActs)(root, path, dice);
  if (!stats.isFile()) return 'nothing';
  const isElf = readFileSync(root.at(path)).subarray(0, 4).toString('latin1') === '\x7fELF';
  return dice.pick([...fileActs, ...(isElf ? elfActs : textActs)])(root, path, dice);
}

const modes = [0, 0o111, 0o400, 0o444, 0o500, 0o600, 0o644, 0o700, 0o711, 0o744, 0o750, 0o755, 0o4755, 0o2755];

const remove: Act = (root, path) => {
  root.remove(path);
  return `remove ${path}`;
};
const mode: Act = (root, path, dice) => {
  const chosen = dice.pick(modes);
  root.change(path, { mode: chosen });
  return `mode ${chosen.toString(8)} ${path}`;
};
const owner: Act = (root, path, dice) => {
  const uid = dice.pick([1, 1000, 65534]);
  root.change(path, { uid, gid: uid, mode: dice.pick([0o700, 0o750, 0o755]) });
  return `owner ${uid} of ${path}`;
};
const rename: Act = async (root, path) => {
  await root.write(`${path}.bak`, readFileSync(root.at(path)), { mode: statSync(root.at(path)).mode & 0o7777 });
  root.remove(path);
  return `rename ${path} to ${path}.bak`;
};
const toFolder: Act = (root, path) => {
  root.remove(path);
  root.directory(path);
  return `directory at ${path}`;
};
const toLink: Act = (root, path, dice) => {
  const target = dice.pick(['/none', path, '/etc/passwd', '.', '../none', '/proc/self/exe', '/bin/sh']);
  root.remove(path);
  root.link(path, target);
  return `link ${path} to ${target}`;
};
const moveAndLink: Act = async (root, path, dice) => {
  const target = dice.pick(['/opt/kept', '/var/kept']);
  const { mode: old } = statSync(root.at(path));
  await root.write(target, readFileSync(root.at(path)), { mode: old & 0o7777 });
  root.remove(path);
  root.link(path, dice.pick([target, `/proc/self/root${target}`, target]));
  return `${path} now a link to ${target}`;
};
const truncate: Act = async (root, path, dice) => {
  const bytes = readFileSync(root.at(path));
  const size = dice.pick([
    0,
    1,
    3,
    4,
    16,
    40,
    63,
    64,
    100,
    500,
    1000,
    4096,
    Math.floor(bytes.length / 2),
    Math.max(0, bytes.length - 1),
  ]);
  return rewrite(root, path, bytes.subarray(0, size), `truncate ${path} to ${size}`);
};
const otherBase: Act = async (root, path, dice) => {
  const base = dice.pick(['deb11', 'deb12', 'deb13', 'i386', 'arm64', 'musl', 'busybox']);
  const dir = (await baseOf(base)).dir;
  const names = [
    path,
    path.replace('x86_64-linux-gnu', 'i386-linux-gnu'),
    path.replace('x86_64-linux-gnu', 'aarch64-linux-gnu'),
    path.replace(/^\/usr/, ''),
    `/usr${path}`,
    '/bin/busybox',
  ];
  const found = names.map((name) => placeInside(dir, name)).find((place) => statOf(place)?.isFile());
  if (found === undefined) return 'nothing';
  return rewrite(root, path, readFileSync(found), `${path} from ${base}`);
};
const flip: Act = async (root, path, dice) => {
  const bytes = readFileSync(root.at(path));
  if (bytes.length < 64) return 'nothing';
  const at = dice.below(dice.pick([64, 64, 64 + 56 * bytes.readUInt16LE(56)]));
  const value = dice.pick([0, 1, 0xff, 0x7f, dice.below(256)]);
  const before = bytes[at] ?? 0;
  bytes[Math.min(at, bytes.length - 1)] = value;
  return rewrite(root, path, bytes, `byte ${at} of ${path} from ${before} to ${value}`);
};
const renameString: Act = async (root, path, dice) => {
  const bytes = readFileSync(root.at(path));
  const words = [
    'GLIBC_2.34',
    'GLIBC_2.2.5',
    'libc.so.6',
    'puts',
    'GLIBC_2.17',
    'libm.so.6',
    'exit',
    '__libc_start_main',
    'ld-linux-x86-64.so.2',
    'malloc',
    'stdout',
    'libz.so.1',
    '/lib64/',
    '__cxa_finalize',
  ].filter((word) => bytes.includes(`\0${word}\0`) || (word === '/lib64/' && bytes.includes(word)));
  if (words.length === 0) return 'nothing';
  const word = dice.pick(words);
  const at = word === '/lib64/' ? bytes.indexOf(word) : bytes.indexOf(`\0${word}\0`) + 1;
  const last = at + word.length - 1;
  bytes[last] = (bytes[last] ?? 0) === 0x39 ? 0x38 : 0x39;
  return rewrite(root, path, bytes, `string ${word} in ${path} ends in ${String.fromCharCode(bytes[last] ?? 0)}`);
};
const asText =
  (name: string, change: (text: string) => string): Act =>
  async (root, path) =>
    rewrite(root, path, Buffer.from(change(readFileSync(root.at(path), 'latin1')), 'latin1'), `${name} ${path}`);

async function rewrite(root: Root, path: string, bytes: Uint8Array, done: string): Promise<string> {
  const { mode: old, uid, gid } = statSync(root.at(path));
  await root.write(path, bytes, { mode: old & 0o7777, uid, gid });
  return done;
}

const fileActs: readonly Act[] = [remove, remove, mode, mode, owner, rename, toFolder, toLink, moveAndLink, truncate];
const elfActs: readonly Act[] = [otherBase, otherBase, flip, flip, renameString, renameString];
const textActs: readonly Act[] = [
  asText('CR LF in', (text) => text.replaceAll('\n', '\r\n')),
  asText('BOM before', (text) => `\xef\xbb\xbf${text}`),
  asText('blank line before', (text) => `\n${text}`),
  asText('no first line in', (text) => text.slice(text.indexOf('\n') + 1)),
  asText('long first line in', (text) => text.replace('\n', `${' '.repeat(300)}\n`)),
  asText('other shebang in', (text) => text.replace(/^#!.*/, '#!/usr/bin/env nothing')),
];
const linkActs: readonly Act[] = [
  remove,
  toLink,
  (root, path, dice) => {
    const target = readlinkSync(root.at(path));
    const other = dice.pick([
      `/${target.replace(/^\//, '')}`,
      `../${target}`,
      `${target}.9`,
      `./${target}`,
      `${target}/`,
      `${target}/.`,
    ]);
    root.remove(path);
    root.link(path, other);
    return `link ${path} from ${target} to ${other}`;
  },
];
const folderActs: readonly Act[] = [
  (root, path, dice) => {
    const chosen = dice.pick([0o700, 0o711, 0o755, 0o000, 0o750, 0o744]);
    root.change(path, { mode: chosen });
    return `mode ${chosen.toString(8)} of directory ${path}`;
  },
  (root, path) => {
    if (dirname(path) === '/') return 'nothing';
    root.remove(path);
    return `remove directory ${path}`;
  },
];
