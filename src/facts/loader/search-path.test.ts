import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { muslPathFile, profileOf } from './profile.ts';
import {
  expandOrigin,
  expandTokens,
  splitMuslPath,
  splitPreload,
  splitSearchPath,
  withoutComments,
} from './search-path.ts';

const tokens = { origin: '/opt/app', lib: 'lib/x86_64-linux-gnu', platform: undefined };

describe('a search path', () => {
  it('has its tokens replaced, with and without braces', () => {
    assert.equal(expandTokens('$ORIGIN/../lib', tokens), '/opt/app/../lib');
    assert.equal(expandTokens(`/usr/$\{LIB}/x`, tokens), '/usr/lib/x86_64-linux-gnu/x');
    assert.equal(expandTokens('/$OTHER', tokens), '/$OTHER');
  });

  it('loses an element whose token stands for nothing', () => {
    assert.equal(expandTokens('/lib/$PLATFORM', tokens), undefined);
  });

  it('knows only the origin with musl, and is nothing with any other token', () => {
    assert.equal(expandOrigin('$ORIGIN/lib:/opt', '/app'), '/app/lib:/opt');
    assert.equal(expandOrigin('$ORIGIN/$LIB', '/app'), undefined);
    assert.equal(expandOrigin('$ORIGIN/lib', undefined), undefined);
  });

  it('is split as each loader splits it', () => {
    assert.deepEqual(splitSearchPath('/a;/b:/c', ':'), ['/a;/b', '/c']);
    assert.deepEqual(splitSearchPath('/a;/b::/c', ':;'), ['/a', '/b', '', '/c']);
    assert.deepEqual(splitSearchPath('', ':'), []);
    assert.deepEqual(splitMuslPath('/a\n/b::/c\n'), ['/a', '/b', '/c']);
    assert.deepEqual(splitPreload(withoutComments('liba.so:libb.so # libc.so\n /x.so')), [
      'liba.so',
      'libb.so',
      '/x.so',
    ]);
  });
});

describe('profileOf', () => {
  const read = (text: string, name = '/lib64/ld-linux-x86-64.so.2') =>
    profileOf({ name, path: undefined, content: Buffer.from(text, 'latin1') }, 'x86_64', true);

  it('reads the directories, the cache and the release that are compiled in', () => {
    const debian = read(
      'GLIBC_PRIVATE\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0ld.so (Debian GLIBC 2.36-9) stable release version 2.36.',
    );
    assert.deepEqual(debian.defaultDirectories, [
      '/lib/x86_64-linux-gnu',
      '/usr/lib/x86_64-linux-gnu',
      '/lib',
      '/usr/lib',
    ]);
    assert.deepEqual([debian.flavour, debian.version, debian.lib], ['glibc', '2.36', 'lib/x86_64-linux-gnu']);
    const fedora = read('\0/lib64/\0/usr/lib64/\0');
    assert.deepEqual([fedora.defaultDirectories, fedora.lib], [['/lib64', '/usr/lib64'], 'lib64']);
    const nix = read('\0/nix/store/abc-glibc-2.40/lib/\0\0/nix/store/abc-glibc-2.40/etc/ld.so.cache\0');
    assert.deepEqual([nix.defaultDirectories, nix.lib], [['/nix/store/abc-glibc-2.40/lib'], 'lib']);
    assert.equal(nix.cachePath, '/nix/store/abc-glibc-2.40/etc/ld.so.cache');
  });

  it('falls back to what is usual when there is no loader to read', () => {
    const none = profileOf(
      { name: '/lib/ld-linux-aarch64.so.1', path: undefined, content: undefined },
      'aarch64',
      true,
    );
    assert.deepEqual(none.defaultDirectories.slice(0, 2), ['/lib/aarch64-linux-gnu', '/usr/lib/aarch64-linux-gnu']);
    assert.equal(none.flavour, 'glibc');
  });

  it('knows musl by its words and by its name', () => {
    const musl = read('musl libc (x86_64)\0/lib:/opt/lib\0\x001.2.5\0', '/lib/ld.so');
    assert.deepEqual([musl.flavour, musl.defaultDirectories, musl.version], ['musl', ['/lib', '/opt/lib'], '1.2.5']);
    assert.equal(read('', '/lib/ld-musl-x86_64.so.1').flavour, 'musl');
    assert.equal(read('', '/system/bin/linker64').flavour, 'other');
  });

  it('puts the path file of musl beside its prefix', () => {
    assert.equal(muslPathFile('/lib/ld-musl-x86_64.so.1', 'x86_64'), '/etc/ld-musl-x86_64.path');
    assert.equal(muslPathFile('/opt/musl/lib/libc.so', 'x86_64'), '/opt/musl/etc/ld-musl-x86_64.path');
  });
});
