import type { Case } from '../case.ts';
import { folder, link, put } from '../changes.ts';
import { fromBase } from '../from-base.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';

const statically = put('/app', p.of(p.staticProgram));

/** Corners of names, PATH and the working directory. */
export const subtleNameCases: readonly Case[] = [
  {
    name: 'subtle/size/variable',
    base: 'scratch',
    change: [statically],
    config: { ...app, Env: [`LIST=${'x'.repeat(131_072)}`] },
    expect: 'arguments-too-long',
    shows: /argument list too long/,
  },
  {
    name: 'subtle/size/argument',
    base: 'busybox',
    change: [statically],
    config: { ...app, Cmd: ['y'.repeat(140_000)] },
    expect: 'arguments-too-long',
    shows: /argument list too long/,
  },
  {
    name: 'subtle/size/just-fits',
    base: 'scratch',
    change: [statically],
    config: { ...app, Env: [`LIST=${'x'.repeat(131_066 - 10)}`] },
    expect: null,
  },
  {
    name: 'subtle/name/trailing-slash',
    base: 'scratch',
    change: [statically],
    config: { Entrypoint: ['/app/'] },
    expect: 'entrypoint-missing',
  },
  {
    name: 'subtle/name/dots',
    base: 'scratch',
    change: [statically],
    config: { Entrypoint: ['//./../app'] },
    expect: null,
  },
  {
    name: 'subtle/name/dotdot-through-missing',
    base: 'scratch',
    change: [statically],
    config: { Entrypoint: ['/none/../app'] },
    expect: 'entrypoint-missing',
  },
  {
    name: 'subtle/name/dotdot-through-link',
    base: 'busybox',
    change: [put('/opt/a/app', p.of(p.staticProgram)), folder('/opt/a/b'), link('/b', '/opt/a/b')],
    config: { Entrypoint: ['/b/../app'] },
    expect: null,
  },
  {
    name: 'subtle/name/relative-with-slash',
    base: 'busybox',
    change: [put('/srv/bin/app', p.of(p.staticProgram))],
    config: { Entrypoint: ['bin/app'], WorkingDir: '/srv' },
    expect: null,
  },
  {
    name: 'subtle/name/blank',
    base: 'busybox',
    config: { Entrypoint: ['echo REACHED'] },
    expect: 'entrypoint-not-in-path',
    missing: ['echo REACHED'],
  },
  {
    name: 'subtle/name/upper-case',
    base: 'busybox',
    config: { Entrypoint: ['/bin/ECHO', 'REACHED'] },
    expect: 'entrypoint-missing',
    missing: ['/bin/ECHO'],
  },
  {
    name: 'subtle/path/empty-element',
    base: 'scratch',
    change: [statically],
    config: { Cmd: ['app'], Env: ['PATH=:/bin'] },
    expect: 'entrypoint-not-in-path',
    missing: ['app'],
  },
  {
    name: 'subtle/path/relative-element',
    base: 'busybox',
    change: [put('/srv/bin/app', p.of(p.staticProgram))],
    config: { Cmd: ['app'], WorkingDir: '/srv', Env: ['PATH=bin:/bin'] },
    expect: 'entrypoint-not-in-path',
  },
  {
    name: 'subtle/path/wrong-arch-first',
    base: 'busybox',
    change: [put('/usr/local/bin/app', fromBase('arm64', '/bin/busybox')), put('/usr/bin/app', p.of(p.staticProgram))],
    config: { Cmd: ['app'] },
    expect: 'wrong-architecture',
  },
  {
    name: 'subtle/path/last-entry-wins',
    base: 'busybox',
    change: [put('/opt/app', p.of(p.staticProgram))],
    config: { Cmd: ['app'], Env: ['PATH=/none', 'PATH=/opt'] },
    expect: null,
  },
  {
    name: 'subtle/path/variable-is-not-expanded',
    base: 'busybox',
    change: [put('/opt/bin/app', p.of(p.staticProgram))],
    config: { Cmd: ['app'], Env: ['HOME=/opt', 'PATH=$HOME/bin:/bin'] },
    expect: 'entrypoint-not-in-path',
  },
  {
    name: 'subtle/path/no-equals-sign',
    base: 'busybox',
    config: { Cmd: ['echo', 'REACHED'], Env: ['DEBUG'] },
    expect: null,
  },
  {
    name: 'subtle/workdir/link',
    base: 'busybox',
    change: [put('/opt/real/app', p.of(p.staticProgram)), link('/srv', '/opt/real')],
    config: { Cmd: ['./app'], WorkingDir: '/srv' },
    expect: null,
  },
  {
    name: 'subtle/workdir/dangling',
    base: 'busybox',
    change: [link('/srv', '/opt/none')],
    config: { Cmd: ['echo', 'REACHED'], WorkingDir: '/srv' },
    expect: null,
  },
  {
    name: 'subtle/workdir/loop',
    base: 'busybox',
    change: [link('/srv', '/srv')],
    config: { Cmd: ['echo', 'REACHED'], WorkingDir: '/srv' },
    expect: 'workdir-not-directory',
  },
  {
    name: 'subtle/workdir/dots',
    base: 'busybox',
    config: { Cmd: ['echo', 'REACHED'], WorkingDir: '/srv/../tmp/.' },
    expect: null,
  },
];
