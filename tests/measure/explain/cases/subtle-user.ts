import type { Case } from '../case.ts';
import { folder, hardLink, link, node, put, remove, set } from '../changes.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';

const statically = put('/app', p.of(p.staticProgram));

/** Corners of users, and of what the engine mounts. */
export const subtleUserCases: readonly Case[] = [
  {
    name: 'subtle/user/leading-zero',
    base: 'busybox',
    change: [put('/app', p.of(p.staticProgram), { mode: 0o500, uid: 1000 })],
    config: { ...app, User: '01000' },
    expect: null,
  },
  {
    name: 'subtle/user/empty-group',
    base: 'busybox',
    change: [put('/app', p.of(p.staticProgram), { mode: 0o500, uid: 1000 })],
    config: { ...app, User: 'app:' },
    expect: null,
  },
  {
    name: 'subtle/user/only-group',
    base: 'busybox',
    change: [statically],
    config: { ...app, User: ':1000' },
    expect: null,
  },
  {
    name: 'subtle/user/numeric-name',
    base: 'scratch',
    change: [put('/app', p.of(p.staticProgram), { mode: 0o700, uid: 5 }), put('/etc/passwd', '1000:x:5:5::/:\n')],
    config: { ...app, User: '1000' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'subtle/user/second-entry',
    base: 'scratch',
    change: [
      put('/app', p.of(p.staticProgram), { mode: 0o700, uid: 5 }),
      put('/etc/passwd', 'a:x:4:4::/:\na:x:5:5::/:\n'),
    ],
    config: { ...app, User: 'a' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'subtle/user/passwd-is-directory',
    base: 'scratch',
    change: [statically, folder('/etc/passwd')],
    config: { ...app, User: 'web' },
    expect: 'user-not-found',
    missing: ['web'],
  },
  {
    name: 'subtle/user/case',
    base: 'busybox',
    change: [statically],
    config: { ...app, User: 'App' },
    expect: 'user-not-found',
    missing: ['App'],
  },
  {
    name: 'subtle/user/crlf-passwd',
    base: 'scratch',
    change: [statically, put('/etc/passwd', 'web:x:7:7::/:/bin/sh\r\n')],
    config: { ...app, User: 'web' },
    expect: null,
  },
  {
    name: 'subtle/user/group-link',
    base: 'busybox',
    change: [statically, remove('/etc/group'), link('/etc/group', 'none')],
    config: { ...app, User: 'app:app' },
    expect: 'group-not-found',
    missing: ['app'],
  },
  {
    name: 'subtle/etc/link',
    base: 'scratch',
    change: [statically, put('/usr/etc/passwd', 'web:x:7:7::/:\n'), link('/etc', 'usr/etc')],
    config: { ...app, User: 'web' },
    expect: 'user-not-found',
    missing: ['web'],
  },
  {
    name: 'subtle/proc/is-file',
    base: 'scratch',
    change: [statically, put('/proc', 'file')],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/hidden/below-proc',
    base: 'scratch',
    change: [put('/proc/app', p.of(p.staticProgram))],
    config: { Entrypoint: ['/proc/app'] },
    expect: 'entrypoint-missing',
  },
  {
    name: 'subtle/hidden/link-into-dev',
    base: 'scratch',
    change: [put('/dev/app', p.of(p.staticProgram)), link('/app', '/dev/app')],
    config: app,
    expect: 'entrypoint-dangling-symlink',
  },
  {
    name: 'subtle/hard-link',
    base: 'deb12',
    change: [hardLink('/usr/local/bin/say', '/usr/bin/echo')],
    config: { Cmd: ['say', 'REACHED'] },
    expect: null,
  },
  {
    name: 'subtle/root-mode',
    base: 'scratch',
    change: [statically, set('/', { mode: 0o700 })],
    config: { ...app, User: '1000' },
    expect: null,
  },
  {
    name: 'subtle/socket',
    base: 'deb12',
    change: [(root) => node('/app', 'p')(root), set('/app', { mode: 0o755 })],
    config: app,
    expect: 'entrypoint-not-regular',
  },
];
