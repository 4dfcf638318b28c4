import { built } from '../build.ts';
import type { Case } from '../case.ts';
import { put } from '../changes.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';
import { asArm64, deep, libs, middle, muslOwn, muslUsing, own, ownPath, soname, using } from './own-library.ts';

const version = (name: string, text: string, extra = ''): ReturnType<typeof built> =>
  built({
    script: `gcc -shared -fPIC -o out lib.c ${soname} -Wl,--version-script=map ${extra}`,
    files: { 'lib.c': text, map: `${name} { global: number; local: *; };\n` },
  });
const number = 'int number(void) { return 7; }\n';
const versionOne = version('OWN_1', number);
const broken = p.library({ source: 'int other(void) { return 7; }\n', options: soname });
const dataSource =
  '#include <stdio.h>\nextern int level;\nint main(void) { printf("REACHED %d\\n", level); return 0; }\n';
const dataLib = p.library({ source: 'int level = 3;\nint number(void) { return 7; }\n', options: soname });
const dataProgram = p.program({ source: dataSource, needs: { 'libown.so': dataLib }, options: '-fPIE -pie -L. -lown' });

/** Symbols, and programs that find all that they need. */
export const librarySymbolCases: readonly Case[] = [
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
      put('/opt/lib/libown.so.1', p.changed(own, asArm64)),
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
