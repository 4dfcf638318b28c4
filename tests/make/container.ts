import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Container, plainContainer } from '../../src/sandbox/index.ts';
import type { MadeLayer } from './image.ts';

const busybox = ['/bin/busybox', '/usr/bin/busybox', '/bin/busybox.static'].find((file) => existsSync(file));

/** Why containers cannot be tested here; false where they can. */
export function whyNoContainers(runtime: string): string | false {
  if (process.getuid?.() !== 0) return 'containers are tested as root only';
  if (busybox === undefined) return 'there is no busybox to run (Debian: busybox-static)';
  if (/interpreter/.test(spawnSync('file', ['-L', busybox], { encoding: 'utf8' }).stdout ?? ''))
    return 'busybox is not static';
  const tool = runtime === 'namespaces' ? 'setpriv' : runtime;
  if (spawnSync(tool, ['--version']).error !== undefined) return `${tool} is not installed`;
  const mounts = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { encoding: 'utf8' });
  return mounts.status === 0 ? false : `nothing can be mounted here: ${mounts.stderr}`;
}

const applets =
  'cat echo env false grep head hostname id ifconfig kill ls mkdir mount ps pwd sh sleep stty test touch true wc yes';

const accounts = {
  passwd: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  group: 'root:x:0:\napp:x:1000:\nextra:x:1001:app\n',
};

/** A root file system with busybox as all its programs, and a user `app` (1000, also in group `extra`). */
export function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'osless-root-'));
  for (const directory of ['bin', 'etc', 'home/app']) mkdirSync(join(root, directory), { recursive: true });
  chmodSync(root, 0o755);
  copyFileSync(busybox ?? '', join(root, 'bin/busybox'));
  for (const name of applets.split(' ')) symlinkSync('busybox', join(root, 'bin', name));
  writeFileSync(join(root, 'etc/passwd'), accounts.passwd);
  writeFileSync(join(root, 'etc/group'), accounts.group);
  writeFileSync(join(root, 'plain'), 'no program');
  return root;
}

/** The same as a layer of an image. */
export function busyboxLayer(): MadeLayer {
  const links = applets.split(' ').map((name) => [`/bin/${name}`, { type: 'symlink', linkTarget: 'busybox' }] as const);
  return {
    '/bin/': '',
    '/bin/busybox': { mode: 0o755, content: readFileSync(busybox ?? '') },
    ...Object.fromEntries(links),
    '/etc/': '',
    '/etc/passwd': accounts.passwd,
    '/etc/group': accounts.group,
  };
}

/** A shell command with docker's defaults, in the root of `makeRoot`. */
export const shellContainer = (command: string, change: Partial<Container> = {}): Container =>
  plainContainer(['/bin/sh', '-c', command], { env: ['PATH=/bin'], home: '/root', hostname: 'box', ...change });

export const removeTree = (path: string): void => rmSync(path, { recursive: true, force: true });
