import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LddElf, LddLibrary, LddSummary } from '../jobs/ldd/index.ts';
import { imagePath } from '../kit/index.ts';
import { lddText } from './ldd.ts';

const app = imagePath('/app');
const found: LddLibrary = {
  name: 'libz.so.1',
  path: '/lib/libz.so.1',
  realPath: imagePath('/usr/lib/libz.so.1.3'),
  wantedBy: app,
  alsoWantedBy: [imagePath('/lib/libx.so')],
  how: 'cache',
  because: '/etc/ld.so.cache names it',
  searched: [],
};
const missing: LddLibrary = {
  ...{ name: 'libgone\x1b.so', path: null, realPath: null, wantedBy: app, alsoWantedBy: [], how: null },
  because: 'there is no such file',
  searched: ['/opt', '/lib'],
};
const loader: LddLibrary = {
  ...found,
  name: '/lib/ld.so',
  path: '/lib/ld.so',
  realPath: imagePath('/lib/ld.so'),
  how: 'interpreter',
};
const dynamic: LddElf = {
  ...{ machine: 'x86_64', class: 64, loader: 'glibc', interpreter: '/lib/ld.so', linkage: 'dynamic' },
  libraries: [found, missing, loader],
  variants: [],
  versions: [
    { wantedBy: app, name: 'libz.so.1', version: 'Z_1', path: '/lib/libz.so.1', isFound: true, isWeak: false },
    { wantedBy: app, name: 'libz.so.1', version: 'Z_2', path: '/lib/libz.so.1', isFound: false, isWeak: false },
  ],
  notes: [],
};
const textOf = (about: Partial<LddSummary>, verbose = false) =>
  lddText(
    {
      schema: 'osless.ldd/1',
      place: '/app',
      platform: null,
      path: app,
      scripts: [],
      elf: null,
      macho: null,
      pe: null,
      isComplete: true,
      ...about,
    },
    { verbose },
  );

describe('lddText', () => {
  it('prints what scripts expect of ldd', () => {
    assert.equal(
      textOf({ elf: dynamic }),
      "/lib/libz.so.1: version `Z_2' not found (required by /app)\n" +
        '\tlibz.so.1 => /lib/libz.so.1\n\tlibgone\\x1b.so => not found\n\t/lib/ld.so\n',
    );
    assert.equal(textOf({ elf: { ...dynamic, linkage: 'static' } }), '\tnot a dynamic executable\n');
    assert.equal(textOf({ elf: { ...dynamic, linkage: 'static-pie' } }), '\tstatically linked\n');
  });

  it('tells more with --verbose, with the versions of ldd -v at the end', () => {
    const text = textOf({ elf: { ...dynamic, variants: [{ ...found, path: '/lib/v3/libz.so.1' }] } }, true);
    assert.match(text, /\t\tlooked for in \/opt, \/lib\n/);
    assert.match(text, /\t\twanted by \/app, \/lib\/libx\.so\n\t\tits real path is \/usr\/lib\/libz\.so\.1\.3\n/);
    assert.match(text, /\n\tOn better CPUs:\n\tlibz\.so\.1 => \/lib\/v3\/libz\.so\.1\n/);
    assert.ok(
      text.endsWith(
        '\n\tVersion information:\n\t/app:\n\t\tlibz.so.1 (Z_1) => /lib/libz.so.1\n\t\tlibz.so.1 (Z_2) => not found\n',
      ),
      text,
    );
  });

  it('prints Mach-O files as otool -L does', () => {
    const library = {
      path: '/usr/lib/libSystem.B.dylib',
      kind: 'load',
      compatibilityVersion: '1.0.0',
      currentVersion: '2.0.0',
    } as const;
    const slice = {
      architecture: 'arm64',
      class: 64,
      kind: 'program',
      id: undefined,
      rpaths: ['@loader_path'],
      loader: undefined,
    } as const;
    const one = { ...slice, libraries: [library, { ...library, path: '@rpath/x', kind: 'weak' }] } as const;
    const lines = [
      '\t/usr/lib/libSystem.B.dylib (compatibility version 1.0.0, current version 2.0.0)',
      '\t@rpath/x (compatibility version 1.0.0, current version 2.0.0, weak)',
    ];
    assert.equal(textOf({ macho: [one] }), ['/app:', ...lines, ''].join('\n'));
    assert.match(textOf({ macho: [one] }, true), /\t\t@rpath may be @loader_path\n$/);
    const two = textOf({ macho: [one, { ...one, architecture: 'x86_64' }] });
    assert.ok(two.includes('/app (architecture arm64):\n') && two.includes('/app (architecture x86_64):\n'), two);
  });

  it('prints the DLLs of PE files', () => {
    const pe = {
      class: 64,
      machine: 'x86_64',
      kind: 'program',
      isManaged: false,
      imports: ['a.dll'],
      delayedImports: ['b.dll'],
    } as const;
    assert.equal(textOf({ pe }), '\ta.dll\n\tb.dll (delay-loaded)\n');
    assert.match(textOf({ pe }, true), /\n\tA 64-bit Windows program for x86_64\n$/);
    assert.equal(textOf({ pe: { ...pe, imports: [], delayedImports: [] } }), '\tstatically linked\n');
  });
});
