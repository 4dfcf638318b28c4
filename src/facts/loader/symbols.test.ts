import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { type ImagePath, imagePath } from '../../kit/index.ts';
import { hostTree, literalTree } from '../../rootfs/index.ts';
import { closureOf, cpuLevelOf, lacksIsa, unresolvedSymbolsOf } from './index.ts';

const app = imagePath('/app');
const loader = '/lib64/ld-linux-x86-64.so.2';
const muslLoader = '/lib/ld-musl-x86_64.so.1';
const undefinedOne = (name: string, version?: string) => ({ name, defined: false, ...(version && { version }) });

/** What is unresolved in `/app` with `/lib/libx.so`, as `name when`. */
async function unresolved(program: ElfParts, library: ElfParts, env: readonly string[] = []): Promise<string[]> {
  const interpreter = program.interpreter ?? loader;
  const tree = literalTree({
    [interpreter]: elf({ soname: 'ld.so' }),
    '/lib/libx.so': elf({ soname: 'libx.so', symbols: [], ...library }),
    '/app': elf({ interpreter, needs: ['libx.so'], ...program }),
  });
  const found = await unresolvedSymbolsOf(tree, await closureOf(tree, app), env);
  return found.map(({ name, when, noVersionsIn }) => `${name} ${when}${noVersionsIn ? ' unversioned' : ''}`);
}

const data: ElfParts = { symbols: [undefinedOne('x')], relocations: [{ symbol: 'x' }] };
const call: ElfParts = { symbols: [undefinedOne('x')], relocations: [{ symbol: 'x', atCall: true }] };
const gives = (more: Partial<ElfParts> = {}): ElfParts => ({ symbols: [{ name: 'x' }], ...more });

describe('unresolvedSymbolsOf', () => {
  const rows: readonly [string, ElfParts, ElfParts, readonly string[], (readonly string[])?][] = [
    ['finds what a library defines', data, gives(), []],
    ['finds it through a GNU hash table', data, gives({ hash: 'gnu' }), []],
    ['looks data up at start', data, {}, ['x start']],
    ['looks functions up at their first call', call, {}, ['x call']],
    ['looks functions up at start for DF_BIND_NOW', { ...call, dynamicFlags: 8 }, {}, ['x start']],
    ['looks functions up at start for DF_1_NOW', { ...call, dynamicFlags1: 1 }, {}, ['x start']],
    ['looks functions up at start for LD_BIND_NOW', call, {}, ['x start'], ['LD_BIND_NOW=1']],
    ['takes an empty LD_BIND_NOW for none', call, {}, ['x call'], ['LD_BIND_NOW=']],
    ['passes over what no relocation names', { symbols: [undefinedOne('x')] }, {}, []],
    ['passes over weak ones', { ...data, symbols: [{ name: 'x', defined: false, binding: 'weak' }] }, {}, []],
    ['does not find hidden ones', data, gives({ symbols: [{ name: 'x', visibility: 'hidden' }] }), ['x start']],
    ['looks into libraries too', {}, data, ['x start']],
    ['binds libraries as they say, not as the program does', { dynamicFlags: 8 }, call, ['x call']],
    ['finds what the program gives to a library', { symbols: [{ name: 'x' }] }, data, []],
    [
      'looks for what a copy is made of in the other objects',
      { symbols: [{ name: 'x', type: 'object' }], relocations: [{ symbol: 'x', type: 5 }] },
      {},
      ['x start'],
    ],
    ['binds all at start with musl', { ...call, interpreter: muslLoader }, {}, ['x start']],
    [
      'does not find indirect functions with musl',
      { ...call, interpreter: muslLoader },
      gives({ symbols: [{ name: 'x', type: 'ifunc' }] }),
      ['x start'],
    ],
  ];
  for (const [title, program, library, expected, env = []] of rows) {
    it(title, async () => assert.deepEqual(await unresolved(program, library, env), expected));
  }

  const versioned: ElfParts = {
    symbols: [undefinedOne('x', 'X_1')],
    versionsNeeded: [{ file: 'libx.so', versions: ['X_1'] }],
    relocations: [{ symbol: 'x' }],
  };

  it('wants the version that is asked for', async () => {
    const one = gives({ versionsDefined: ['X_1', 'X_2'], symbols: [{ name: 'x', version: 'X_1' }] });
    const two = gives({ versionsDefined: ['X_1', 'X_2'], symbols: [{ name: 'x', version: 'X_2' }] });
    assert.deepEqual(await unresolved(versioned, one), []);
    assert.deepEqual(await unresolved(versioned, two), ['x start']);
    assert.deepEqual(await unresolved({ ...versioned, interpreter: muslLoader }, two), []);
  });

  it('tells a library without any version, at which ld.so gives up', async () => {
    assert.deepEqual(await unresolved(versioned, gives()), ['x start unversioned']);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'osless-symbols-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const hasGcc = spawnSync('gcc', ['--version']).error === undefined;
const why = !hasGcc ? 'gcc is not installed' : existsSync(loader) ? false : 'glibc for x86-64 is not installed';

/** Builds a program for a library, and puts another library in its place. */
function build(name: string, options: readonly string[], other: string): ImagePath {
  const path = join(folder, name);
  const compile = (text: string, ...args: string[]) => {
    writeFileSync(join(folder, 'in.c'), text);
    const ended = spawnSync('gcc', [join(folder, 'in.c'), ...args], { encoding: 'utf8' });
    assert.equal(ended.status, 0, ended.stderr);
  };
  const shared = ['-shared', '-fPIC', '-Wl,-soname,libown.so', '-o', join(folder, 'libown.so')];
  compile('int own(void) { return 0; }\nint value = 3;\n', ...shared);
  const text = 'int own(void);\nextern int value;\nint main(int n, char **v) { return n > 3 ? own() : value - 3; }\n';
  compile(text, '-o', path, join(folder, 'libown.so'), `-Wl,-rpath,${folder}`, ...options);
  compile(other, ...shared);
  return path as ImagePath;
}

describe('unresolvedSymbolsOf, held against ld.so,', { skip: why }, () => {
  const rows = [
    ['lazy', ['-Wl,-z,lazy'], 'int value = 3;', 'call'],
    ['now', ['-Wl,-z,now'], 'int value = 3;', 'start'],
    ['noplt', ['-fno-plt'], 'int value = 3;', 'start'],
    ['data', ['-fPIC', '-Wl,-z,lazy'], 'int own(void) { return 0; }', 'start'],
    ['copy', ['-no-pie'], 'int own(void) { return 0; }', 'start'],
    ['sound', ['-Wl,-z,now'], 'int own(void) { return 0; }\nint value = 3;', undefined],
  ] as const;
  for (const [name, options, other, when] of rows) {
    it(`knows how a program linked as ${name} ends`, async () => {
      const path = build(name, options, other);
      const tree = hostTree('/');
      const found = await unresolvedSymbolsOf(tree, await closureOf(tree, path), []);
      assert.deepEqual([...new Set(found.map((symbol) => symbol.when))], when === undefined ? [] : [when]);
      assert.equal(spawnSync(path, { stdio: 'ignore' }).status, when === 'start' ? 127 : 0);
    });
  }
});

describe('cpuLevelOf', () => {
  const two = ['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3'];
  const three = [...two, 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'];
  it('is the highest level of which no flag is missing', () => {
    assert.equal(cpuLevelOf(['sse2']), 1);
    assert.equal(cpuLevelOf(two), 2);
    assert.equal(cpuLevelOf(three), 3);
    assert.equal(cpuLevelOf([...two, 'avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl']), 2);
  });

  it('is held against the bits of the property', () => {
    assert.equal(lacksIsa(1, 1), false);
    assert.equal(lacksIsa(2, 1), true);
    assert.equal(lacksIsa(8, 3), true);
    assert.equal(lacksIsa(8, 4), false);
  });
});
