import { built } from '../build.ts';
import type { Case } from '../case.ts';
import { folder, put } from '../changes.ts';
import { fromBase } from '../from-base.ts';
import * as p from '../programs.ts';
import { app } from './apps.ts';
import { libs, muslOwn, own, soname, using } from './own-library.ts';

const ownPath = `${libs}/libown.so.1`;
const version = (name: string, text: string, extra = ''): ReturnType<typeof built> =>
  built({
    script: `gcc -shared -fPIC -o out lib.c ${soname} -Wl,--version-script=map ${extra}`,
    files: { 'lib.c': text, map: `${name} { global: number; local: *; };\n` },
  });
const number = 'int number(void) { return 7; }\n';
const versionOne = version('OWN_1', number);
const versionTwo = version('OWN_2', number);
const muslUsing = using('', 'musl-gcc', muslOwn);
const level = (bits: number) => (bytes: Buffer) => {
  const note = bytes.indexOf(Buffer.from('0280 00c0 04000000'.replaceAll(' ', ''), 'hex'));
  if (note < 0) throw new Error('the program has no ISA property');
  bytes.writeUInt32LE(bits, note + 8);
  return bytes;
};
const isaProgram = p.program({ options: '-Wl,-z,x86-64-v2' });

/** Libraries that are found, and what is in them. */
export const libraryContentCases: readonly Case[] = [
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
];
