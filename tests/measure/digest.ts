// Whether equal input gives an equal image: one program packed again and again with everything else changed:
// directory, time, user, order of files, environment, store. Prints each digest; ends with 1 when two differ.
// usage: digest [PROGRAM]  (default: curl)
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cli = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';
const program = process.argv[2] ?? 'curl';
const folder = mkdtempSync(join(tmpdir(), 'osless-digest-'));
chmodSync(folder, 0o755);

interface Difference {
  readonly what: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

function digestWith({ what, args, cwd = '/', env = {}, uid }: Difference): string {
  const store = mkdtempSync(join(folder, 'store-'));
  chmodSync(store, 0o777);
  const line = [cli, '--store', join(store, 'store'), 'pack', '--json', ...args];
  const ended = spawnSync(process.execPath, line, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: store, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  if (ended.status !== 0) throw new Error(`osless ${line.slice(1).join(' ')}: ${ended.stderr}`);
  const { digest } = (JSON.parse(ended.stdout) as { image: { digest: string } }).image;
  console.log(`${digest}  ${what}: osless pack ${args.join(' ')}`);
  return digest;
}

/** The files of the packed image twice, written in opposite orders, with other times and owners. */
function copies(): Difference[] {
  const packed = join(folder, 'packed');
  const unpacked = spawnSync(process.execPath, [cli, '--store', join(folder, 's'), 'pack', program, '-t', 'x'], {
    encoding: 'utf8',
  });
  const copied = spawnSync(process.execPath, [cli, '--store', join(folder, 's'), 'copy', 'x', `rootfs:${packed}`], {
    encoding: 'utf8',
  });
  if (unpacked.status !== 0 || copied.status !== 0) throw new Error(unpacked.stderr + copied.stderr);
  return ['forwards', 'backwards'].map((order, index) => {
    const tree = join(folder, order, 'root');
    copyTree(packed, tree, { backwards: index === 1, seconds: 1_000_000_000 * (index + 1) });
    return { what: `files written ${order}, other times`, args: ['--from', `rootfs:${tree}`, program], cwd: tree };
  });
}

function copyTree(from: string, to: string, as: { readonly backwards: boolean; readonly seconds: number }): void {
  mkdirSync(to, { recursive: true });
  const entries = readdirSync(from, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of as.backwards ? entries.reverse() : entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target, as);
    else cpSync(source, target, { verbatimSymlinks: true, dereference: false });
    if (!entry.isSymbolicLink()) utimesSync(target, as.seconds, as.seconds);
  }
}

/** One program in two home directories. */
function homes(): Difference[] {
  return ['alice', 'bob'].map((name) => {
    const home = join(folder, name);
    mkdirSync(home);
    copyFileSync('/bin/true', join(home, 'app'));
    return { what: `built in the directory of ${name}`, args: ['./app'], cwd: home };
  });
}

const environments: Difference[] = [
  { what: 'as it is', args: [program] },
  { what: 'another directory', args: [program], cwd: folder },
  { what: 'another time zone and language', args: [program], env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' } },
  ...(process.getuid?.() === 0 ? [{ what: 'another user', args: [program], uid: 12_345 }] : []),
];
try {
  const groups = [environments, copies(), homes()].map((group) => new Set(group.map(digestWith)));
  const same = groups.every((digests) => digests.size === 1);
  console.log(same ? 'each group has one digest' : 'digests differ within a group');
  process.exitCode = same ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
