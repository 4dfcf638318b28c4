import type { Case } from '../case.ts';
import { put, remove, set } from '../changes.ts';
import { fromBase } from '../from-base.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';
import { asArm64, deep, libs, middle, muslUsing, own, ownPath, soname, source, using } from './own-library.ts';

/** Libraries that the loader does not find or may not open. */
export const librarySearchCases: readonly Case[] = [
  {
    name: 'library/missing/own',
    base: 'deb12',
    change: [put('/app', p.of(using()))],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/musl',
    base: 'musl',
    change: [put('/app', p.of(muslUsing))],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/libc',
    base: 'scratch',
    change: [
      put('/app', p.of(p.glibcProgram)),
      put('/lib64/ld-linux-x86-64.so.2', fromBase('deb12', `${libs}/ld-linux-x86-64.so.2`)),
    ],
    config: app,
    expect: 'lib-missing',
    missing: ['libc.so.6'],
  },
  {
    name: 'library/missing/curl',
    base: 'deb12',
    change: [remove(`${libs}/libcurl.so.4`)],
    config: { Cmd: ['curl', '--version'] },
    expect: 'lib-missing',
    missing: ['libcurl.so.4'],
  },
  {
    name: 'library/missing/indirect',
    base: 'deb12',
    change: [put('/app', p.of(deep())), put(`${libs}/libmiddle.so`, p.of(middle))],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/interpreter',
    base: 'node',
    change: [remove(`${libs}/libnode.so.108`), put('/app.js', 'console.log("REACHED")')],
    config: { Cmd: ['node', '/app.js'] },
    expect: 'lib-missing',
    missing: ['libnode.so.108'],
  },
  {
    name: 'library/missing/bash',
    base: 'deb13',
    change: [(root) => root.remove(`${libs}/libtinfo.so.6`)],
    config: { Cmd: ['bash', '-c', 'echo REACHED'] },
    expect: 'lib-missing',
    missing: ['libtinfo.so.6'],
  },
  {
    name: 'library/missing/usr-local',
    base: 'distroless',
    change: [put('/app', p.of(using())), put('/usr/local/lib/libown.so.1', p.of(own))],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/lib64',
    base: 'deb12',
    change: [put('/app', p.of(using())), put('/usr/lib64/libown.so.1', p.of(own))],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/runpath-not-inherited',
    base: 'deb12',
    change: [
      put('/app', p.of(deep('-Wl,--enable-new-dtags,-rpath,/opt/lib'))),
      put('/opt/lib/libmiddle.so', p.of(middle)),
      put('/opt/lib/libown.so.1', p.of(own)),
    ],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/origin-hard-link',
    base: 'deb12',
    change: [
      put('/opt/app', p.of(using("-Wl,-rpath,'$ORIGIN'"))),
      put('/opt/libown.so.1', p.of(own)),
      (root) => root.hardLink('/app', '/opt/app'),
    ],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/setgid-drops-variable',
    base: 'deb12',
    change: [put('/app', p.of(using()), { mode: 0o2755, gid: 50 }), put('/opt/lib/libown.so.1', p.of(own))],
    config: { ...app, Env: ['LD_LIBRARY_PATH=/opt/lib'], User: '1000' },
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/preload-needs',
    base: 'deb12',
    change: [put('/app', p.of(p.glibcProgram)), put('/opt/libmiddle.so', p.of(middle))],
    config: { ...app, Env: ['LD_PRELOAD=/opt/libmiddle.so'] },
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/missing/filter',
    base: 'deb12',
    change: [
      put('/app', p.of(p.program({ source, needs: { 'libown.so': own }, options: '-L. -lown' }))),
      put(ownPath, p.of(p.library({ options: `${soname} -Wl,-F,libfiltee.so` }))),
    ],
    config: app,
    expect: 'lib-missing',
    missing: ['libfiltee.so'],
  },
  {
    name: 'library/permission/mode',
    base: 'deb12',
    change: [put('/app', p.of(using())), put(ownPath, p.of(own), { mode: 0o600 })],
    config: { ...app, User: '1000' },
    expect: 'lib-permission',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/permission/directory',
    base: 'deb12',
    change: [
      put('/app', p.of(using('-Wl,-rpath,/opt/lib'))),
      put('/opt/lib/libown.so.1', p.of(own)),
      set('/opt/lib', { mode: 0o700 }),
    ],
    config: { ...app, User: 'nobody' },
    expect: 'lib-permission',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/permission/libc',
    base: 'distroless',
    change: [put('/app', p.of(p.glibcProgram)), set(`${libs}/libc.so.6`, { mode: 0o640 })],
    config: { ...app, User: 'nonroot' },
    expect: 'lib-permission',
    missing: ['libc.so.6'],
  },
  {
    name: 'library/arch/arm64',
    base: 'deb12',
    change: [
      put(
        '/app',
        p.of(
          p.program({
            source:
              '#include <math.h>\n#include <stdio.h>\nint main(int n, char **v) { puts("REACHED"); return (int) sin(n - 1.0); }\n',
            options: '-Wl,--no-as-needed -lm',
          }),
        ),
      ),
      remove(`${libs}/libm.so.6`),
      put(`${libs}/libm.so.6`, fromBase('arm64', '/lib/aarch64-linux-gnu/libm.so.6')),
    ],
    config: app,
    expect: 'lib-wrong-arch',
    missing: ['libm.so.6'],
  },
  {
    name: 'library/arch/i386',
    base: 'deb12',
    change: [
      put(
        '/app',
        p.of(
          p.program({
            source:
              '#include <math.h>\n#include <stdio.h>\nint main(int n, char **v) { puts("REACHED"); return (int) sin(n - 1.0); }\n',
            options: '-Wl,--no-as-needed -lm',
          }),
        ),
      ),
      put(`${libs}/libm.so.6`, fromBase('i386', '/lib/i386-linux-gnu/libm.so.6')),
    ],
    config: app,
    expect: 'lib-wrong-arch',
    missing: ['libm.so.6'],
  },
  {
    name: 'library/arch/patched',
    base: 'deb11',
    change: [put('/app', p.of(using('-Wl,-rpath,/opt'))), put('/opt/libown.so.1', p.changed(own, asArm64))],
    config: app,
    expect: 'lib-wrong-arch',
    missing: ['libown.so.1'],
  },
];
