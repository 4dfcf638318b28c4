import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from './case.ts';
import { placeInside, type Root, statOf } from './root.ts';

/** The files, links and directories of an image that its program uses, by a trace of it: absolute paths, sorted. */
export function touched(root: Root, made: Case): string[] {
  const names = new Set<string>();
  for (const name of traced(root, made)) {
    if (/^\/(proc|sys|dev)(\/|$)/.test(name) || name.includes('.osless-')) continue;
    let path = '';
    for (const part of name.split('/').filter((each) => each !== '')) {
      path = `${path}/${part}`;
      if (statOf(root.at(path)) === undefined) break;
      names.add(`/${root.at(path).slice(placeInside(root.dir, '/').length).replace(/^\/+/, '')}`);
    }
    if (statOf(root.follow(name)))
      names.add(`/${root.follow(name).slice(placeInside(root.dir, '/').length).replace(/^\/+/, '')}`);
  }
  return [...names].filter((name) => name !== '/').sort();
}

function traced(root: Root, made: Case): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'osless-trace-'));
  const file = join(folder, 'trace');
  try {
    copyFileSync('/bin/busybox', join(root.dir, '.osless-busybox'));
    const { argv, env } = commandIn(made);
    const cwd = made.config.WorkingDir ?? '/';
    const inside = ['strace', '-f', '-qq', '-s', '4096', '-e', 'trace=%file', '-e', 'signal=none', '-o', file];
    spawnSync('timeout', ['5', ...inside, ...enter(root, cwd, env), ...argv], { stdio: 'ignore' });
    return pathsIn(readFileSync(file, 'latin1'), root.dir, cwd);
  } finally {
    rmSync(join(root.dir, '.osless-busybox'), { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

const enter = (root: Root, cwd: string, env: readonly string[]): string[] => [
  ...['/bin/busybox', 'chroot', root.dir, '/.osless-busybox', 'env', '-i', ...env],
  ...['/.osless-busybox', 'sh', '-c', 'cd "$0"; exec "$@"', cwd],
];

function commandIn({ config }: Case): { argv: string[]; env: string[] } {
  const { Entrypoint = [], Cmd = [], Env = [] } = config;
  const argv = [...(Entrypoint[0] === '' ? [] : Entrypoint), ...Cmd];
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return { argv, env: [path, ...Env] };
}

function pathsIn(trace: string, root: string, cwd: string): Set<string> {
  const found = new Set<string>();
  let inside = false;
  for (const line of trace.split('\n')) {
    if (line.includes(`chroot("${root}"`)) inside = true;
    if (!inside || / = -1 /.test(line)) continue;
    for (const [, name = ''] of line.matchAll(/"((?:[^"\\]|\\.)*)"/g)) {
      if (name.startsWith('/')) found.add(name);
      else if (/execve|open/.test(line) && name !== '') found.add(join(cwd, name));
    }
  }
  return found;
}
