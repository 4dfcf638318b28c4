import { built } from '../build.ts';
import type { Case } from '../case.ts';
import { folder, link, move, put, remove } from '../changes.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';
import { libs, muslOwn, own, soname, source, using } from './own-library.ts';

const user = put('/app', p.of(using()));
const rpath = (path: string) => using(`-Wl,-rpath,'${path}'`);
const slash = p.program({
  source,
  needs: { 'libown.so': p.library({ options: '-Wl,-soname,/opt/own/libown.so' }) },
  options: '-L. -lown',
});
const auxiliary = p.library({ options: `${soname} -Wl,-f,libnone.so` });
const cxx = built({
  script: 'g++ -o out main.cc',
  files: {
    'main.cc':
      '#include <iostream>\n#include <locale>\nint main() { std::cout << "REACHED" << std::endl; return 0; }\n',
  },
});

/** Corners of the search for libraries. */
export const subtleSearchCases: readonly Case[] = [
  {
    name: 'subtle/needed/slash-missing',
    base: 'deb12',
    change: [put('/app', p.of(slash))],
    config: app,
    expect: 'lib-missing',
    missing: ['/opt/own/libown.so'],
  },
  {
    name: 'subtle/needed/slash-good',
    base: 'deb12',
    change: [put('/app', p.of(slash)), put('/opt/own/libown.so', p.of(own))],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/link-chain',
    base: 'deb12',
    change: [
      user,
      put('/opt/real.so', p.of(own)),
      link('/opt/step', 'real.so'),
      link(`${libs}/libown.so.1`, '/opt/step'),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/dangling',
    base: 'deb12',
    change: [user, link(`${libs}/libown.so.1`, 'libown.so.1.2')],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/needed/loop',
    base: 'deb13',
    change: [user, link(`${libs}/libown.so.1`, 'libown.so.1')],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/needed/mode-is-nothing-to-root',
    base: 'deb12',
    change: [user, put(`${libs}/libown.so.1`, p.of(own), { mode: 0 })],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/no-x-is-fine',
    base: 'deb12',
    change: [user, put(`${libs}/libown.so.1`, p.of(own), { mode: 0o444 })],
    config: { ...app, User: '1000' },
    expect: null,
  },
  {
    name: 'subtle/needed/cwd-by-empty-element',
    base: 'deb12',
    change: [user, put('/srv/libown.so.1', p.of(own))],
    config: { ...app, WorkingDir: '/srv', Env: ['LD_LIBRARY_PATH=/none:'] },
    expect: null,
  },
  {
    name: 'subtle/needed/cwd-not-searched',
    base: 'deb12',
    change: [user, put('/srv/libown.so.1', p.of(own))],
    config: { ...app, WorkingDir: '/srv', Env: ['LD_LIBRARY_PATH='] },
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/needed/hwcaps-only',
    base: 'deb12',
    change: [user, put(`${libs}/glibc-hwcaps/x86-64-v2/libown.so.1`, p.of(own))],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/hwcaps-on-deb11',
    base: 'deb11',
    change: [put('/app', p.of(rpath('/opt'))), put('/opt/glibc-hwcaps/x86-64-v2/libown.so.1', p.of(own))],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/needed/hwcaps-bad-first',
    base: 'deb12',
    change: [
      user,
      put(`${libs}/libown.so.1`, p.of(own)),
      put(`${libs}/glibc-hwcaps/x86-64-v2/libown.so.1`, 'no library'),
    ],
    config: app,
    expect: 'lib-invalid',
  },
  {
    name: 'subtle/needed/stale-cache',
    base: 'deb12',
    change: [move(`${libs}/libcurl.so.4`, '/opt/libcurl.so.4')],
    config: { Cmd: ['curl', '--version'] },
    expect: 'lib-missing',
    missing: ['libcurl.so.4'],
  },
  {
    name: 'subtle/needed/no-cache',
    base: 'deb12',
    change: [remove('/etc/ld.so.cache')],
    config: { Cmd: ['curl', '--version'] },
    token: 'curl 7',
    expect: null,
  },
  {
    name: 'subtle/needed/cache-is-text',
    base: 'deb12',
    change: [put('/etc/ld.so.cache', 'nothing')],
    config: { Cmd: ['curl', '--version'] },
    token: 'curl 7',
    expect: null,
  },
  {
    name: 'subtle/needed/ld.so.conf-is-not-read',
    base: 'deb12',
    change: [user, put('/opt/lib/libown.so.1', p.of(own)), put('/etc/ld.so.conf.d/own.conf', '/opt/lib\n')],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/needed/lib-token',
    base: 'deb12',
    change: [put('/app', p.of(rpath('/opt/$LIB'))), put('/opt/lib/x86_64-linux-gnu/libown.so.1', p.of(own))],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/origin-through-link',
    base: 'deb12',
    change: [
      put('/opt/app/bin/app', p.of(rpath('$ORIGIN/../lib'))),
      put('/opt/app/lib/libown.so.1', p.of(own)),
      link('/usr/local/bin/app', '/opt/app/bin/app'),
    ],
    config: { Cmd: ['app'] },
    expect: null,
  },
  {
    name: 'subtle/needed/rpath-before-variable',
    base: 'deb12',
    change: [
      put('/app', p.of(using('-Wl,--disable-new-dtags,-rpath,/opt/a'))),
      put('/opt/a/libown.so.1', p.of(own)),
      put('/opt/b/libown.so.1', 'no library'),
    ],
    config: { ...app, Env: ['LD_LIBRARY_PATH=/opt/b'] },
    expect: null,
  },
  {
    name: 'subtle/needed/variable-before-runpath',
    base: 'deb12',
    change: [
      put('/app', p.of(rpath('/opt/a'))),
      put('/opt/a/libown.so.1', p.of(own)),
      put('/opt/b/libown.so.1', 'no library'),
    ],
    config: { ...app, Env: ['LD_LIBRARY_PATH=/opt/b'] },
    expect: 'lib-invalid',
  },
  {
    name: 'subtle/needed/auxiliary-absent',
    base: 'deb12',
    change: [user, put(`${libs}/libown.so.1`, p.of(auxiliary))],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/soname-differs',
    base: 'deb12',
    change: [user, put(`${libs}/libown.so.1`, p.of(p.library({ options: '-Wl,-soname,libother.so' })))],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/system-directory-link',
    base: 'deb12',
    change: [
      user,
      put('/opt/lib/libown.so.1', p.of(own)),
      link('/usr/lib/x86_64-linux-gnu/libown.so.1', '../../../opt/lib/libown.so.1'),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/fifo',
    base: 'deb12',
    change: [user, folder(`${libs}/libown.so.1`)],
    config: app,
    expect: 'lib-invalid',
  },
  {
    name: 'subtle/needed/glibc-takes-musl-library',
    base: 'deb12',
    change: [user, put(`${libs}/libown.so.1`, p.of(muslOwn))],
    config: app,
    expect: 'lib-missing',
    missing: ['libc.so'],
  },
  {
    name: 'subtle/needed/c++-gone',
    base: 'distroless',
    change: [put('/app', p.of(cxx)), (root) => root.remove(`${libs}/libstdc++.so.6`)],
    config: app,
    expect: 'lib-missing',
    missing: ['libstdc++.so.6'],
  },
  { name: 'subtle/needed/c++', base: 'distroless', change: [put('/app', p.of(cxx))], config: app, expect: null },
  {
    name: 'subtle/needed/c++-on-deb11',
    base: 'deb11',
    change: [put('/app', p.of(cxx))],
    config: app,
    expect: 'version-missing',
  },
];
