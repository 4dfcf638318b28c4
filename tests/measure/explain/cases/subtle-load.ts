import { built } from '../build.ts';
import type { Case } from '../case.ts';
import { capability, folder, link, put, remove } from '../changes.ts';
import { fromBase } from '../from-base.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';
import { libs, muslOwn, own, soname, using } from './own-library.ts';

const user = put('/app', p.of(using()));
const muslUser = put('/app', p.of(using('', 'musl-gcc', muslOwn)));
const simple = put('/app', p.of(p.glibcProgram));
const weak = p.program({ source: p.cProgram('return number ? 0 : 0;', 'int number(void) __attribute__((weak));') });
const versioned = built({
  script: `gcc -shared -fPIC -o out lib.c ${soname} -Wl,--version-script=map`,
  files: { 'lib.c': 'int number(void) { return 7; }\n', map: 'OWN_1 { global: number; local: *; };\n' },
});
const execstack = p.program({ options: '-z execstack' });
const execstackLib = p.library({ options: `${soname} -z execstack` });
const tls = p.program({ source: p.cProgram('return level;', 'static __thread int level;') });
const statically = put('/app', p.of(p.staticProgram));

/** Corners of loading: symbols, stacks, privileges, loaders. */
export const subtleLoadCases: readonly Case[] = [
  {
    name: 'subtle/needed/musl-path-file',
    base: 'musl',
    change: [muslUser, put('/opt/lib/libown.so.1', p.of(muslOwn)), put('/etc/ld-musl-x86_64.path', '/lib\n/opt/lib\n')],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/musl-path-file-replaces',
    base: 'musl',
    change: [muslUser, put('/usr/lib/libown.so.1', p.of(muslOwn)), put('/etc/ld-musl-x86_64.path', '/opt/lib\n')],
    config: app,
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/needed/musl-variable',
    base: 'musl',
    change: [muslUser, put('/opt/libown.so.1', p.of(muslOwn))],
    config: { ...app, Env: ['LD_LIBRARY_PATH=/opt'] },
    expect: null,
  },
  {
    name: 'subtle/needed/musl-glibc-library',
    base: 'musl',
    change: [muslUser, put('/lib/libown.so.1', p.of(own))],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/needed/musl-inherits-runpath',
    base: 'musl',
    change: [
      put(
        '/app',
        p.of(
          p.program({
            compiler: 'musl-gcc',
            source: p.cProgram('return twice() - 14;', 'int twice(void);'),
            needs: {
              'libmiddle.so': p.library({
                compiler: 'musl-gcc',
                source: 'int number(void);\nint twice(void) { return 2 * number(); }\n',
                needs: { 'libown.so': muslOwn },
                options: '-Wl,-soname,libmiddle.so -L. -lown',
              }),
            },
            options: '-L. -lmiddle -Wl,--allow-shlib-undefined,-rpath,/opt',
          }),
        ),
      ),
      put(
        '/opt/libmiddle.so',
        p.of(
          p.library({
            compiler: 'musl-gcc',
            source: 'int number(void);\nint twice(void) { return 2 * number(); }\n',
            needs: { 'libown.so': muslOwn },
            options: '-Wl,-soname,libmiddle.so -L. -lown',
          }),
        ),
      ),
      put('/opt/libown.so.1', p.of(muslOwn)),
    ],
    config: app,
    expect: null,
  },
  { name: 'subtle/symbol/weak', base: 'deb12', change: [put('/app', p.of(weak))], config: app, expect: null },
  {
    name: 'subtle/symbol/version-from-unversioned',
    base: 'deb12',
    change: [put('/app', p.of(using('-Wl,-z,lazy', 'gcc', versioned))), put(`${libs}/libown.so.1`, p.of(own))],
    config: app,
    expect: 'late-symbol-missing',
    shows: /no version information|Inconsistency/,
  },
  {
    name: 'subtle/symbol/preload-gives-it',
    base: 'deb12',
    change: [
      put('/app', p.of(using('-Wl,-z,now'))),
      put(`${libs}/libown.so.1`, p.of(p.library({ source: 'int other;', options: soname }))),
      put('/opt/x.so', p.of(p.library())),
    ],
    config: { ...app, Env: ['LD_PRELOAD=/opt/x.so'] },
    expect: null,
  },
  {
    name: 'subtle/symbol/preload-file',
    base: 'deb12',
    change: [
      put('/app', p.of(using('-Wl,-z,now'))),
      put(`${libs}/libown.so.1`, p.of(p.library({ source: 'int other;', options: soname }))),
      put('/opt/x.so', p.of(p.library())),
      put('/etc/ld.so.preload', '/opt/x.so\n'),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/symbol/library-lacks-data',
    base: 'deb13',
    change: [
      user,
      put(
        `${libs}/libown.so.1`,
        p.of(p.library({ source: 'extern int level; int number(void) { return level + 7; }', options: soname })),
      ),
    ],
    config: app,
    expect: 'symbol-missing',
    missing: ['level'],
  },
  {
    name: 'subtle/symbol/library-lacks-function',
    base: 'deb13',
    change: [
      put('/app', p.of(using('-Wl,-z,lazy'))),
      put(
        `${libs}/libown.so.1`,
        p.of(
          p.library({
            source: 'int more(void); int number(void) { return more(); }',
            options: `${soname} -Wl,-z,lazy`,
          }),
        ),
      ),
    ],
    config: app,
    expect: 'late-symbol-missing',
    missing: ['more'],
    shows: /undefined symbol: more/,
  },
  { name: 'subtle/stack/deb12', base: 'deb12', change: [put('/app', p.of(execstack))], config: app, expect: null },
  {
    name: 'subtle/stack/program-deb13',
    base: 'deb13',
    change: [put('/app', p.of(execstack))],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/stack/library-deb13',
    base: 'deb13',
    change: [user, put(`${libs}/libown.so.1`, p.of(execstackLib))],
    config: app,
    expect: null,
  },
  { name: 'subtle/tls', base: 'distroless', change: [put('/app', p.of(tls))], config: app, expect: null },
  {
    name: 'subtle/capability/outside',
    base: 'busybox',
    change: [statically, capability('/app', 'cap_sys_admin+ep')],
    config: app,
    expect: 'entrypoint-permission',
    shows: /operation not permitted/,
  },
  {
    name: 'subtle/capability/inside',
    base: 'busybox',
    change: [statically, capability('/app', 'cap_net_bind_service+ep')],
    config: { ...app, User: '1000' },
    expect: null,
  },
  {
    name: 'subtle/capability/permitted-only',
    base: 'busybox',
    change: [statically, capability('/app', 'cap_sys_admin+p')],
    config: { ...app, User: '1000' },
    expect: null,
  },
  {
    name: 'subtle/capability/drops-variable',
    base: 'deb12',
    change: [user, capability('/app', 'cap_net_raw+ep'), put('/opt/lib/libown.so.1', p.of(own))],
    config: { ...app, User: '1000', Env: ['LD_LIBRARY_PATH=/opt/lib'] },
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/capability/root-keeps-variable',
    base: 'deb12',
    change: [user, capability('/app', 'cap_net_raw+ep'), put('/opt/lib/libown.so.1', p.of(own))],
    config: { ...app, Env: ['LD_LIBRARY_PATH=/opt/lib'] },
    expect: null,
  },
  {
    name: 'subtle/setuid/drops-origin-free-variable',
    base: 'deb12',
    change: [put('/app', p.of(using()), { mode: 0o4755 }), put('/opt/lib/libown.so.1', p.of(own))],
    config: { ...app, User: '1000', Env: ['LD_LIBRARY_PATH=/opt/lib'] },
    expect: 'lib-missing',
    missing: ['libown.so.1'],
  },
  {
    name: 'subtle/setuid/own-id',
    base: 'deb12',
    change: [put('/app', p.of(using()), { mode: 0o4755, uid: 1000 }), put('/opt/lib/libown.so.1', p.of(own))],
    config: { ...app, User: '1000', Env: ['LD_LIBRARY_PATH=/opt/lib'] },
    expect: null,
  },
  {
    name: 'subtle/loader/usrmerge-broken',
    base: 'deb12',
    change: [remove('/lib'), folder('/lib/modules')],
    config: { Cmd: ['bash', '-c', 'echo REACHED'] },
    expect: 'loader-elsewhere',
  },
  {
    name: 'subtle/loader/lib64-gone',
    base: 'deb13',
    change: [remove('/lib64')],
    config: { Cmd: ['/usr/bin/env'] },
    expect: 'loader-elsewhere',
    missing: ['/lib64/ld-linux-x86-64.so.2'],
  },
  {
    name: 'subtle/loader/musl-link',
    base: 'deb12',
    change: [
      put('/app', p.of(p.muslProgram)),
      put('/lib/ld-musl-x86_64.so.1', fromBase('musl', '/lib/ld-musl-x86_64.so.1')),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'subtle/loader/glibc-loop',
    base: 'scratch',
    change: [simple, link('/lib64/ld-linux-x86-64.so.2', 'ld-linux-x86-64.so.2')],
    config: app,
    expect: 'loader-missing',
  },
];
