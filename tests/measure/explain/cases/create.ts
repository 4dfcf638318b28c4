import { readdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../case.ts';
import { folder, link, put, remove } from '../changes.ts';
import * as p from '../programs.ts';

const app = { Entrypoint: ['/app'] };
const program = put('/app', p.of(p.staticProgram));

/** What the engine refuses. */
export const createCases: readonly Case[] = [
  { name: 'create/no-command/nothing', base: 'busybox', config: {}, expect: 'no-command' },
  { name: 'create/no-command/empty-lists', base: 'deb12', config: { Entrypoint: [], Cmd: [] }, expect: 'no-command' },
  {
    name: 'create/no-command/empty-word',
    base: 'scratch',
    change: [program],
    config: { Entrypoint: [''] },
    expect: 'no-command',
  },
  { name: 'create/os/windows', base: 'scratch', change: [program], config: app, os: 'windows', expect: 'os-mismatch' },
  { name: 'create/os/freebsd', base: 'scratch', change: [program], config: app, os: 'freebsd', expect: 'os-mismatch' },
  {
    name: 'create/user/root-on-scratch',
    base: 'scratch',
    change: [program],
    config: { ...app, User: 'root' },
    expect: 'user-not-found',
    missing: ['root'],
  },
  {
    name: 'create/user/unknown',
    base: 'deb12',
    change: [program],
    config: { ...app, User: 'web' },
    expect: 'user-not-found',
    missing: ['web'],
  },
  {
    name: 'create/user/unknown-with-group',
    base: 'musl',
    change: [program],
    config: { ...app, User: 'web:0' },
    expect: 'user-not-found',
    missing: ['web'],
  },
  {
    name: 'create/user/commented-out',
    base: 'scratch',
    change: [program, put('/etc/passwd', '#web:x:7:7::/:\n')],
    config: { ...app, User: 'web' },
    expect: 'user-not-found',
    missing: ['web'],
  },
  {
    name: 'create/group/unknown',
    base: 'busybox',
    change: [program],
    config: { ...app, User: 'app:staff' },
    expect: 'group-not-found',
    missing: ['staff'],
  },
  {
    name: 'create/group/no-file',
    base: 'scratch',
    change: [program],
    config: { ...app, User: '0:root' },
    expect: 'group-not-found',
    missing: ['root'],
  },
  {
    name: 'create/range/user',
    base: 'busybox',
    change: [program],
    config: { ...app, User: '2147483648' },
    expect: 'user-invalid',
  },
  {
    name: 'create/range/negative',
    base: 'busybox',
    change: [program],
    config: { ...app, User: '-1' },
    expect: 'user-invalid',
  },
  {
    name: 'create/range/group',
    base: 'scratch',
    change: [program],
    config: { ...app, User: '0:4294967295' },
    expect: 'user-invalid',
  },
  {
    name: 'create/workdir/relative',
    base: 'scratch',
    change: [program],
    config: { ...app, WorkingDir: 'srv' },
    expect: 'workdir-invalid',
  },
  {
    name: 'create/workdir/dot',
    base: 'busybox',
    change: [program],
    config: { ...app, WorkingDir: './srv' },
    expect: 'workdir-invalid',
  },
  {
    name: 'create/workdir/file',
    base: 'scratch',
    change: [program, put('/srv', 'text')],
    config: { ...app, WorkingDir: '/srv' },
    expect: 'workdir-not-directory',
  },
  {
    name: 'create/workdir/below-file',
    base: 'deb13',
    change: [program],
    config: { ...app, WorkingDir: '/app/data' },
    expect: 'workdir-not-directory',
  },
  {
    name: 'create/mount/hosts',
    base: 'scratch',
    change: [program, folder('/etc/hosts')],
    config: app,
    expect: 'mountpoint-conflict',
  },
  {
    name: 'create/mount/resolv',
    base: 'busybox',
    change: [program, folder('/etc/resolv.conf/d')],
    config: app,
    expect: 'mountpoint-conflict',
  },
  {
    name: 'create/mount/hostname',
    base: 'deb12',
    change: [program, remove('/etc/hostname'), folder('/etc/hostname')],
    config: app,
    expect: 'mountpoint-conflict',
  },
  {
    name: 'create/good/hosts-is-link',
    base: 'scratch',
    change: [program, link('/etc/hosts', '/nowhere')],
    config: app,
    expect: null,
  },
  {
    name: 'create/good/empty-passwd',
    base: 'scratch',
    change: [program, put('/etc/passwd', '')],
    config: { ...app, User: '0' },
    expect: null,
  },
  {
    name: 'create/good/group-number',
    base: 'scratch',
    change: [program],
    config: { ...app, User: '7:8' },
    expect: null,
  },
  {
    name: 'create/good/user-is-link',
    base: 'scratch',
    change: [program, put('/opt/users', 'web:x:7:7::/:\n'), link('/etc/passwd', '/opt/users')],
    config: { ...app, User: 'web' },
    expect: null,
  },
  {
    name: 'create/broken/blob-missing',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: (layout) => unlinkSync(layerOf(layout)),
    expect: 'image-broken',
  },
  {
    name: 'create/broken/digest',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: flip,
    expect: 'image-broken',
  },
  {
    name: 'create/broken/truncated',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: (layout) => truncateSync(layerOf(layout), 20_000),
    expect: 'image-broken',
  },
];

/** The last layer's blob. */
function layerOf(layout: string): string {
  const blob = (digest: string) => join(layout, 'blobs/sha256', digest.slice(7));
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: { digest: string }[] };
  const manifest = JSON.parse(readFileSync(blob(index.manifests[0]?.digest ?? ''), 'utf8')) as {
    layers: { digest: string }[];
  };
  if (readdirSync(join(layout, 'blobs/sha256')).length === 0) throw new Error('no blobs');
  return blob(manifest.layers.at(-1)?.digest ?? '');
}

function flip(layout: string): void {
  const file = layerOf(layout);
  const bytes = readFileSync(file);
  bytes[5000] = (bytes[5000] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
