import { built } from '../build.ts';
import type { Case } from '../case.ts';
import { folder, put, remove, set } from '../changes.ts';
import { fromBase } from '../from-base.ts';
import * as p from '../programs.ts';

const app = { Entrypoint: ['/app'] };
const source = p.cProgram('return number() - 7;', 'int number(void);');
const soname = '-Wl,-soname,libown.so.1';
const own = p.library({ options: soname });
const using = (options = '', compiler = 'gcc', lib = own) =>
  p.program({
    source,
    compiler,
    needs: { 'libown.so': lib },
    options: `-L. -lown -Wl,--allow-shlib-undefined ${options}`,
  });
const libs = '/usr/lib/x86_64-linux-gnu';
const ownPath = `${libs}/libown.so.1`;

const version = (name: string, text: string, extra = ''): ReturnType<typeof built> =>
  built({
    script: `gcc -shared -fPIC -o out lib.c ${soname} -Wl,--version-script=map ${extra}`,
    files: { 'lib.c': text, map: `${name} { global: number; local: *; };\n` },
  });
const number = 'int number(void) { return 7; }\n';
const versionOne = version('OWN_1', number);
const versionTwo = version('OWN_2', number);

const muslOwn = p.library({ options: soname, compiler: 'musl-gcc' });
const muslUsing = using('', 'musl-gcc', muslOwn);
const broken = p.library({ source: 'int other(void) { return 7; }\n', options: soname });
const dataSource =
  '#include <stdio.h>\nextern int level;\nint main(void) { printf("REACHED %d\\n", level); return 0; }\n';
const dataLib = p.library({ source: 'int level = 3;\nint number(void) { return 7; }\n', options: soname });
const dataProgram = p.program({ source: dataSource, needs: { 'libown.so': dataLib }, options: '-fPIE -pie -L. -lown' });
const middle = p.library({
  source: 'int number(void);\nint twice(void) { return 2 * number(); }\n',
  needs: { 'libown.so': own },
  options: '-Wl,-soname,libmiddle.so -L. -lown',
});
const deep = (options = '', lib = middle) =>
  p.program({
    source: p.cProgram('return twice() - 14;', 'int twice(void);'),
    needs: { 'libmiddle.so': lib },
    options: `-L. -lmiddle -Wl,--allow-shlib-undefined ${options}`,
  });
const level = (bits: number) => (bytes: Buffer) => {
  const note = bytes.indexOf(Buffer.from('0280 00c0 04000000'.replaceAll(' ', ''), 'hex'));
  if (note < 0) throw new Error('the program has no ISA property');
  bytes.writeUInt32LE(bits, note + 8);
  return bytes;
};
const isaProgram = p.program({ options: '-Wl,-z,x86-64-v2' });

/** What the dynamic loader refuses. */
export const libraryCases: readonly Case[] = [
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
    name: 'library/invalid/text',
    base: 'deb12',
    change: [put('/app', p.of(using())), put(ownPath, '/* GNU ld script */\nGROUP ( libother.so )\n')],
    config: app,
    expect: 'lib-invalid',
  },
  {
    name: 'library/invalid/empty',
    base: 'deb12',
    change: [put('/app', p.of(using())), put(ownPath, '')],
    config: app,
    expect: 'lib-invalid',
  },
  {
    name: 'library/invalid/directory',
    base: 'deb12',
    change: [put('/app', p.of(using())), folder(ownPath)],
    config: app,
    expect: 'lib-invalid',
  },
  {
    name: 'library/invalid/truncated',
    base: 'deb13',
    change: [
      put('/app', p.of(using())),
      put(
        ownPath,
        p.changed(own, (bytes) => bytes.subarray(0, 600)),
      ),
    ],
    config: app,
    expect: 'lib-invalid',
  },
  {
    name: 'library/invalid/musl-text',
    base: 'musl',
    change: [put('/app', p.of(muslUsing)), put('/usr/lib/libown.so.1', 'text')],
    config: app,
    expect: 'lib-invalid',
  },
  {
    name: 'library/invalid/earlier',
    base: 'deb12',
    change: [
      put('/app', p.of(using('-Wl,-rpath,/opt/lib'))),
      put('/opt/lib/libown.so.1', 'nothing like a library'),
      put(ownPath, p.of(own)),
    ],
    config: app,
    expect: 'lib-invalid',
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
    change: [
      put('/app', p.of(using('-Wl,-rpath,/opt'))),
      put(
        '/opt/libown.so.1',
        p.changed(own, (bytes) => (bytes.writeUInt16LE(183, 18), bytes)),
      ),
    ],
    config: app,
    expect: 'lib-wrong-arch',
    missing: ['libown.so.1'],
  },
  {
    name: 'library/version/glibc',
    base: 'deb11',
    change: [put('/app', p.of(p.glibcProgram))],
    config: app,
    expect: 'version-missing',
    missing: ['GLIBC_2.34'],
  },
  {
    name: 'library/version/rust-on-deb11',
    base: 'deb11',
    change: [put('/app', p.of(p.rust()))],
    config: app,
    expect: 'version-missing',
  },
  {
    name: 'library/version/own',
    base: 'deb12',
    change: [put('/app', p.of(using('', 'gcc', versionTwo))), put(ownPath, p.of(versionOne))],
    config: app,
    expect: 'version-missing',
    missing: ['OWN_2'],
  },
  {
    name: 'library/version/relr',
    base: 'deb11',
    change: [put('/app', p.of(p.program({ options: '-fPIE -pie -Wl,-z,pack-relative-relocs' })))],
    config: app,
    expect: 'version-missing',
  },
  {
    name: 'library/skew/loader-11-libc-12',
    base: 'deb12',
    change: [
      put('/app', p.of(p.glibcProgram)),
      put(`${libs}/ld-linux-x86-64.so.2`, fromBase('deb11', '/lib/x86_64-linux-gnu/ld-2.31.so')),
    ],
    config: app,
    expect: 'libc-loader-skew',
  },
  {
    name: 'library/skew/loader-12-libc-11',
    base: 'deb12',
    change: [
      put('/app', p.of(p.glibcProgram)),
      put('/opt/lib/libc.so.6', fromBase('deb11', '/lib/x86_64-linux-gnu/libc-2.31.so')),
    ],
    config: { ...app, Env: ['LD_LIBRARY_PATH=/opt/lib'] },
    expect: 'libc-loader-skew',
  },
  {
    name: 'library/skew/loader-13-libc-12',
    base: 'deb12',
    change: [
      put('/app', p.of(p.glibcProgram)),
      put(`${libs}/ld-linux-x86-64.so.2`, fromBase('deb13', `${libs}/ld-linux-x86-64.so.2`)),
    ],
    config: app,
    expect: 'libc-loader-skew',
  },
  {
    name: 'library/symbol/now',
    base: 'deb12',
    change: [put('/app', p.of(using('-Wl,-z,now'))), put(ownPath, p.of(broken))],
    config: app,
    expect: 'symbol-missing',
    missing: ['number'],
  },
  {
    name: 'library/symbol/data',
    base: 'deb12',
    change: [put('/app', p.of(dataProgram)), put(ownPath, p.of(own))],
    config: app,
    expect: 'symbol-missing',
    missing: ['level'],
  },
  {
    name: 'library/symbol/variable',
    base: 'deb13',
    change: [put('/app', p.of(using('-Wl,-z,lazy'))), put(ownPath, p.of(broken))],
    config: { ...app, Env: ['LD_BIND_NOW=1'] },
    expect: 'symbol-missing',
    missing: ['number'],
  },
  {
    name: 'library/symbol/musl',
    base: 'musl',
    change: [
      put('/app', p.of(muslUsing)),
      put('/lib/libown.so.1', p.of(p.library({ source: 'int other;', options: soname, compiler: 'musl-gcc' }))),
    ],
    config: app,
    expect: 'symbol-missing',
    missing: ['number'],
  },
  {
    name: 'library/symbol/musl-chk',
    base: 'musl',
    change: [
      put(
        '/app',
        p.of(
          p.program({
            source:
              '#include <stdio.h>\n#include <string.h>\nint main(int n, char **v) { char t[8]; snprintf(t, n + 5, "%s", v[0]); puts("REACHED"); return strlen(t) > 90; }\n',
            options: '-O2 -D_FORTIFY_SOURCE=2',
          }),
        ),
      ),
      (root) => root.link('/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'),
    ],
    config: app,
    expect: 'symbol-missing',
  },
  {
    name: 'library/late-symbol/lazy',
    base: 'deb12',
    change: [put('/app', p.of(using('-Wl,-z,lazy'))), put(ownPath, p.of(broken))],
    config: app,
    expect: 'late-symbol-missing',
    missing: ['number'],
  },
  {
    name: 'library/symbol/no-plt',
    base: 'deb13',
    change: [put('/app', p.of(using('-Wl,-z,lazy -fno-plt', 'gcc', own))), put(ownPath, p.of(broken))],
    config: { ...app, Env: ['LD_BIND_NOW='] },
    expect: 'symbol-missing',
    missing: ['number'],
  },
  {
    name: 'library/isa/v5',
    base: 'deb12',
    change: [put('/app', p.changed(isaProgram, level(0x10)))],
    config: app,
    expect: 'cpu-isa',
  },
  {
    name: 'library/isa/library',
    base: 'deb13',
    change: [
      put('/app', p.of(using())),
      put(ownPath, p.changed(p.library({ options: `${soname} -Wl,-z,x86-64-v2` }), level(0x20))),
    ],
    config: app,
    expect: 'cpu-isa',
  },
  {
    name: 'library/good/isa-v4',
    base: 'deb12',
    change: [put('/app', p.of(p.program({ options: '-Wl,-z,x86-64-v4' })))],
    config: app,
    expect: null,
  },
  {
    name: 'library/good/own',
    base: 'deb12',
    change: [put('/app', p.of(using())), put(ownPath, p.of(own))],
    config: app,
    expect: null,
  },
  {
    name: 'library/good/rpath',
    base: 'distroless',
    change: [
      put('/app', p.of(deep('-Wl,--disable-new-dtags,-rpath,/opt/lib'))),
      put('/opt/lib/libmiddle.so', p.of(middle)),
      put('/opt/lib/libown.so.1', p.of(own)),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'library/good/origin',
    base: 'deb12',
    change: [put('/opt/bin/app', p.of(using("-Wl,-rpath,'$ORIGIN/../lib'"))), put('/opt/lib/libown.so.1', p.of(own))],
    config: { Cmd: ['app'], Env: ['PATH=/opt/bin'] },
    expect: null,
  },
  {
    name: 'library/good/variable',
    base: 'deb12',
    change: [put('/app', p.of(using())), put('/opt/lib/libown.so.1', p.of(own))],
    config: { ...app, Env: ['LD_LIBRARY_PATH=/none:/opt/lib'] },
    expect: null,
  },
  {
    name: 'library/good/usr-local-with-cache',
    base: 'deb12',
    change: [put('/app', p.of(deep())), put(`${libs}/libmiddle.so`, p.of(middle)), put(ownPath, p.of(own))],
    config: app,
    expect: null,
  },
  {
    name: 'library/good/musl-usr-local',
    base: 'musl',
    change: [put('/app', p.of(muslUsing)), put('/usr/local/lib/libown.so.1', p.of(muslOwn))],
    config: app,
    expect: null,
  },
  {
    name: 'library/good/other-arch-first',
    base: 'deb12',
    change: [
      put('/app', p.of(using('-Wl,-rpath,/opt/lib'))),
      put(
        '/opt/lib/libown.so.1',
        p.changed(own, (bytes) => (bytes.writeUInt16LE(183, 18), bytes)),
      ),
      put(ownPath, p.of(own)),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'library/good/preload-missing',
    base: 'deb12',
    change: [put('/app', p.of(p.glibcProgram))],
    config: { ...app, Env: ['LD_PRELOAD=/opt/none.so'] },
    expect: null,
  },
  {
    name: 'library/good/preload-satisfies',
    base: 'deb12',
    change: [put('/app', p.of(using())), put('/opt/libown.so', p.of(own))],
    config: { ...app, Env: ['LD_PRELOAD=/opt/libown.so'] },
    expect: null,
  },
  {
    name: 'library/good/version',
    base: 'deb12',
    change: [put('/app', p.of(using('', 'gcc', versionOne))), put(ownPath, p.of(versionOne))],
    config: app,
    expect: null,
  },
];
