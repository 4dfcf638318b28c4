import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { isaNote } from '../../../tests/make/elf-notes.ts';
import { type LiteralNode, literalTree } from '../../rootfs/index.ts';
import type { CpuLevel } from '../loader/index.ts';
import { startOf } from './index.ts';

type Files = Readonly<Record<string, string | Uint8Array | LiteralNode>>;

const loader = '/lib64/ld-linux-x86-64.so.2';
const libraries = '/usr/lib/x86_64-linux-gnu';
const platform = { os: 'linux', architecture: 'amd64' };
const program = (parts: ElfParts): LiteralNode => ({ content: elf(parts), mode: 0o755 });
const app = (parts: ElfParts = {}): LiteralNode => program({ interpreter: loader, needs: ['libx.so'], ...parts });
const libx = (parts: ElfParts = {}): Uint8Array => elf({ soname: 'libx.so', symbols: [], ...parts });
const release = (number: string): readonly string[] => [`GNU C Library (made) stable release version ${number}.`];

interface Asked {
  readonly env?: readonly string[];
  readonly cpuLevel?: CpuLevel;
  readonly user?: string;
}

const start = (files: Files, { env = [], cpuLevel, user }: Asked = {}) =>
  startOf(
    literalTree({ [loader]: program({ soname: 'ld-linux-x86-64.so.2' }), [`${libraries}/libx.so`]: libx(), ...files }),
    {
      entrypoint: ['/app'],
      env: [...env],
      exposedPorts: [],
      volumes: [],
      labels: {},
      onBuild: [],
      ...(user && { user }),
    },
    { platform, ...(cpuLevel && { cpuLevel }) },
  );

describe('startOf, with programs that may be executed and not read,', () => {
  it('starts them, as the kernel opens program and loader', async () => {
    const closed = (node: LiteralNode): LiteralNode => ({ ...node, mode: 0o711 });
    const files: Files = { '/app': closed(app()), [loader]: closed(program({ soname: 'ld-linux-x86-64.so.2' })) };
    assert.equal((await start(files, { user: '1000:1000' })).starts, 'yes');
  });
});

const wanted = { symbols: [{ name: 'x', defined: false }], relocations: [{ symbol: 'x' }] };
const called = { symbols: [{ name: 'x', defined: false }], relocations: [{ symbol: 'x', atCall: true }] };

describe('startOf, with symbols,', () => {
  it('says symbol-missing for what is bound at start, and who asks', async () => {
    const verdict = await start({ '/app': app(wanted) });
    assert.deepEqual([verdict.cause, verdict.missing, verdict.subject], ['symbol-missing', ['x'], '/app']);
    const library = await start({ '/app': app(), [`${libraries}/libx.so`]: libx(wanted) });
    assert.deepEqual([library.cause, library.subject], ['symbol-missing', `${libraries}/libx.so`]);
  });

  it('says late-symbol-missing for what is bound at the first call', async () => {
    const verdict = await start({ '/app': app(called) });
    assert.equal(verdict.starts, 'yes');
    assert.deepEqual(
      verdict.late.map(({ cause, missing, subject }) => [cause, missing, subject]),
      [['late-symbol-missing', ['x'], '/app']],
    );
    assert.equal((await start({ '/app': app(called) }, { env: ['LD_BIND_NOW=1'] })).cause, 'symbol-missing');
  });

  it('says version-missing where ld.so gives up at a library without versions', async () => {
    const versionsNeeded = [{ file: 'libx.so', versions: ['X_1'] }];
    const symbols = [{ name: 'x', defined: false, version: 'X_1' }];
    const files = { '/app': app({ ...wanted, symbols, versionsNeeded }) };
    const verdict = await start({ ...files, [`${libraries}/libx.so`]: libx({ symbols: [{ name: 'x' }] }) });
    assert.deepEqual([verdict.cause, verdict.missing], ['version-missing', ['X_1']]);
  });

  it('says lib-invalid for a library whose tables lie outside of it', async () => {
    const broken = Buffer.from(libx({ symbols: [{ name: 'x' }] }));
    const hashTag = broken.indexOf(Buffer.from('0400000000000000', 'hex'), broken.length - 4096);
    broken.writeBigUInt64LE(0xffff0000n, hashTag + 8);
    assert.equal((await start({ '/app': app(wanted), [`${libraries}/libx.so`]: broken })).cause, 'lib-invalid');
  });
});

describe('startOf, with CPUs,', () => {
  it('says cpu-isa when program or library ask for more than the CPU has', async () => {
    const files = { '/app': app({ notes: [isaNote(0b1000)] }) };
    assert.deepEqual((await start(files)).missing, ['x86-64-v4']);
    assert.equal((await start(files)).cause, 'cpu-isa');
    assert.equal((await start(files, { cpuLevel: 4 })).starts, 'yes');
    const library = { '/app': app(), [`${libraries}/libx.so`]: libx({ notes: [isaNote(0b0100)] }) };
    assert.equal((await start(library)).starts, 'yes');
    assert.equal((await start(library, { cpuLevel: 2 })).cause, 'cpu-isa');
  });

  it('says cpu-isa when the loader itself was built for a better CPU', async () => {
    const strings = ['Fatal glibc error: CPU does not support x86-64-v2\n', 'GLIBC_PRIVATE'];
    const files = { '/app': app(), [loader]: program({ soname: 'ld-linux-x86-64.so.2', strings }) };
    assert.equal((await start(files, { cpuLevel: 1 })).cause, 'cpu-isa');
    assert.equal((await start(files)).starts, 'yes');
  });

  it('takes the copy of a library for the CPU, good or not', async () => {
    const strings = [...release('2.36'), 'GLIBC_PRIVATE'];
    const own = { [loader]: program({ soname: 'ld-linux-x86-64.so.2', strings }) };
    const files = { '/app': app(), ...own, [`${libraries}/glibc-hwcaps/x86-64-v3/libx.so`]: 'text' };
    assert.equal((await start(files)).cause, 'lib-invalid');
    assert.equal((await start(files, { cpuLevel: 2 })).starts, 'yes');
  });
});

describe('startOf, with two releases of glibc,', () => {
  const files = (ofLoader: readonly string[], ofLibc: readonly string[], beside = libraries): Files => ({
    '/app': app({ needs: ['libc.so.6'], versionsNeeded: [{ file: 'libc.so.6', versions: ['GLIBC_2.38'] }] }),
    [loader]: { linkTarget: `${libraries}/ld.so` },
    [`${libraries}/ld.so`]: program({ soname: 'ld-linux-x86-64.so.2', strings: [...ofLoader, 'GLIBC_PRIVATE'] }),
    [`${beside}/libc.so.6`]: elf({ soname: 'libc.so.6', strings: ofLibc, versionsDefined: ['GLIBC_2.36'] }),
  });

  it('says libc-loader-skew rather than what it leads to, also when both lie in one directory', async () => {
    assert.equal((await start(files(release('2.41'), release('2.36')))).cause, 'libc-loader-skew');
    assert.equal((await start(files(release('2.36'), release('2.36')))).cause, 'version-missing');
  });
});
