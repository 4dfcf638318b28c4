import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type CacheParts, loaderCache, type MadeEntry } from '../../../tests/make/loader-cache.ts';
import { parseLoaderCache } from './cache.ts';
import { chooseEntry } from './cache-choice.ts';
import { compareLibraryNames } from './library-names.ts';
import { profileOf } from './profile.ts';

const entries: readonly MadeEntry[] = [
  { name: 'libz.so.1', path: '/lib/libz.so.1' },
  { name: 'libc.so.6', path: '/lib/libc.so.6' },
  { name: 'liba.so.10', path: '/opt/liba.so.10' },
  { name: 'liba.so.9', path: '/opt/liba.so.9' },
];

const parse = (parts: CacheParts) => parseLoaderCache(loaderCache(parts), parts.littleEndian ?? true);
const pathsOf = (parts: CacheParts, name: string) =>
  parse(parts)
    ?.find(name)
    .map(({ path }) => path);
const order = (one: string, other: string) => Math.sign(compareLibraryNames(Buffer.from(one), Buffer.from(other)));

describe('the names of an ld.so.cache', () => {
  it('are in order of the numbers in them', () => {
    assert.equal(order('liba.so.10', 'liba.so.9'), 1);
    assert.equal(order('liba.so.1', 'liba.so.01'), 0);
    assert.equal(order('liba.so', 'liba.so.1'), -1);
    assert.equal(order('liba1', 'libab'), 1);
    assert.equal(order('liba2', 'libb'), -1);
  });

  it('have one order, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (one, other) => order(one, other) === -order(other, one) || order(one, other) === 0,
      ),
    );
  });
});

describe('parseLoaderCache', () => {
  for (const format of ['old', 'new', 'both'] as const) {
    for (const littleEndian of [true, false]) {
      it(`finds each name in the ${format} format, ${littleEndian ? 'little' : 'big'} endian`, () => {
        for (const { name, path } of entries) {
          assert.deepEqual(pathsOf({ entries, format, littleEndian }, name), [path]);
        }
        assert.deepEqual(pathsOf({ entries, format, littleEndian }, 'libx.so'), []);
      });
    }
  }

  it('gives all entries of a name in the order of the file, with their level', () => {
    const same = [
      { name: 'libz.so.1', path: '/lib/v3', level: 'x86-64-v3' },
      { name: 'libz.so.1', path: '/lib/v2', level: 'x86-64-v2' },
      { name: 'libz.so.1', path: '/lib/z' },
      { name: 'liba.so', path: '/lib/a' },
    ];
    const found = parse({ entries: same })?.find('libz.so.1') ?? [];
    assert.deepEqual(
      found.map(({ path, level }) => [path, level]),
      [
        ['/lib/v3', 'x86-64-v3'],
        ['/lib/v2', 'x86-64-v2'],
        ['/lib/z', undefined],
      ],
    );
  });

  it('passes over what ld.so would pass over', () => {
    const good = Buffer.from(loaderCache({ entries }));
    assert.equal(parseLoaderCache(Buffer.from('GROUP'), true), undefined);
    assert.equal(parseLoaderCache(good.subarray(0, 60), true), undefined);
    assert.equal(parseLoaderCache(good, false), undefined);
    const tooMany = Buffer.from(good);
    tooMany.writeUInt32LE(1_000_000, 20);
    assert.equal(parseLoaderCache(tooMany, true), undefined);
  });

  it('survives any damage', () => {
    const good = loaderCache({
      entries: [...entries.slice(0, 1), { name: 'libz.so.1', path: '/v3', level: 'x86-64-v3' }],
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }), (changes) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        parseLoaderCache(bytes, true)?.find('libz.so.1');
      }),
      { numRuns: 500 },
    );
  });
});

describe('of several entries for one name', () => {
  const choose = (
    same: readonly Omit<MadeEntry, 'name'>[],
    { version = '2.36', cpu = [] as string[], machine = 'x86_64' } = {},
  ) => {
    const content = Buffer.from(`GLIBC_PRIVATE\0ld.so stable release version ${version}.`);
    const profile = profileOf({ name: '/lib/ld.so', path: undefined, content }, machine, true);
    const cache = parse({ entries: same.map((entry) => ({ name: 'libz.so', ...entry })) });
    const { best, others } = chooseEntry(cache?.find('libz.so') ?? [], profile, cpu);
    return [best?.path, ...others.map(({ path }) => path)];
  };
  const levels = [{ path: '/v2', level: 'x86-64-v2' }, { path: '/v3', level: 'x86-64-v3' }, { path: '/z' }];

  it('the best level of the CPU wins, and better ones are told', () => {
    assert.deepEqual(choose(levels), ['/z', '/v2', '/v3']);
    assert.deepEqual(choose(levels, { cpu: ['x86-64-v2'] }), ['/v2', '/v3']);
    assert.deepEqual(choose(levels, { cpu: ['x86-64-v3', 'x86-64-v2'] }), ['/v3']);
  });

  it('levels are nothing to a loader from before 2.33', () => {
    assert.deepEqual(choose(levels, { version: '2.31', cpu: ['x86-64-v3'] }), ['/z']);
  });

  it('only those of the machine count', () => {
    assert.deepEqual(choose([{ path: '/i386', flags: 3 }, { path: '/x32', flags: 0x803 }, { path: '/z' }]), ['/z']);
    assert.deepEqual(
      choose(
        [
          { path: '/elf', flags: 1 },
          { path: '/libc6', flags: 3 },
        ],
        { machine: 'i386' },
      ),
      ['/libc6'],
    );
    assert.deepEqual(choose([{ path: '/elf', flags: 1 }], { machine: 'i386' }), ['/elf']);
  });

  it('those for special hardware are for loaders before 2.37, on such hardware', () => {
    const special = [{ path: '/haswell', hardware: 1n << 48n }, { path: '/tls', hardware: 1n << 63n }, { path: '/z' }];
    assert.deepEqual(choose(special, { version: '2.31' }), ['/tls', '/haswell']);
    assert.deepEqual(choose(special, { version: '2.37' }), ['/z']);
  });
});
