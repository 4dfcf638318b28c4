import type { Case } from '../case.ts';
import { folder, put } from '../changes.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';

const bytes = p.of(p.staticProgram);

/** Commands that the user may not execute. */
export const lookupPermissionCases: readonly Case[] = [
  {
    name: 'lookup/not-executable/in-path',
    base: 'scratch',
    change: [put('/bin/app', bytes, { mode: 0o644 })],
    config: { Cmd: ['app'] },
    expect: 'entrypoint-not-executable',
  },
  {
    name: 'lookup/not-executable/root',
    base: 'scratch',
    change: [put('/app', bytes, { mode: 0o644 })],
    config: app,
    expect: 'entrypoint-not-executable',
  },
  {
    name: 'lookup/not-executable/user',
    base: 'busybox',
    change: [put('/app', bytes, { mode: 0o666 })],
    config: { ...app, User: 'app' },
    expect: 'entrypoint-not-executable',
  },
  {
    name: 'lookup/not-executable/script',
    base: 'deb12',
    change: [put('/run.sh', '#!/bin/sh\necho REACHED\n', { mode: 0o644 })],
    config: { Entrypoint: ['/run.sh'] },
    expect: 'entrypoint-not-executable',
  },
  {
    name: 'lookup/permission/owner-only',
    base: 'scratch',
    change: [put('/app', bytes, { mode: 0o700 })],
    config: { ...app, User: '1000' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'lookup/permission/group',
    base: 'busybox',
    change: [put('/app', bytes, { mode: 0o750 })],
    config: { ...app, User: 'app' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'lookup/permission/group-denied',
    base: 'busybox',
    change: [put('/app', bytes, { mode: 0o705, gid: 1000 })],
    config: { ...app, User: 'app' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'lookup/permission/owner-denied',
    base: 'busybox',
    change: [put('/app', bytes, { mode: 0o055, uid: 1000 })],
    config: { ...app, User: 'app' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'lookup/permission/directory',
    base: 'scratch',
    change: [put('/opt/private/app', bytes), (root) => root.change('/opt/private', { mode: 0o700 })],
    config: { Entrypoint: ['/opt/private/app'], User: '1000' },
    expect: 'entrypoint-permission',
    missing: ['/opt/private'],
  },
  {
    name: 'lookup/permission/home',
    base: 'deb12',
    change: [put('/root/app', bytes)],
    config: { Entrypoint: ['/root/app'], User: 'nobody' },
    expect: 'entrypoint-permission',
    missing: ['/root'],
  },
  {
    name: 'lookup/permission/workdir',
    base: 'busybox',
    change: [folder('/srv', { mode: 0o700 }), put('/srv/app', bytes)],
    config: { Entrypoint: ['./app'], WorkingDir: '/srv', User: '1000' },
    expect: 'entrypoint-permission',
  },
  {
    name: 'lookup/permission/explicit-group',
    base: 'busybox',
    change: [put('/app', bytes, { mode: 0o050, gid: 2000 })],
    config: { ...app, User: 'app:1000' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'lookup/permission/root-of-other',
    base: 'busybox',
    change: [put('/app', bytes, { mode: 0o744 })],
    config: { ...app, User: '65534:0' },
    expect: 'entrypoint-permission',
    missing: ['/app'],
  },
  {
    name: 'lookup/permission/path',
    base: 'busybox',
    change: [put('/opt/bin/app', bytes, { mode: 0o700 })],
    config: { Cmd: ['app'], Env: ['PATH=/opt/bin'], User: '1000' },
    expect: 'entrypoint-permission',
    missing: ['/opt/bin/app'],
  },
];
