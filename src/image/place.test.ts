import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parsePlace } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'osless-place-'));
after(() => rmSync(root, { recursive: true, force: true }));

describe('a place', () => {
  const places: Record<string, object> = {
    'oci:dir': { kind: 'oci', path: 'dir' },
    'oci:dir:v1': { kind: 'oci', path: 'dir', tag: 'v1' },
    'oci:/a/b:docker.io/library/x:1': { kind: 'oci', path: '/a/b', tag: 'docker.io/library/x:1' },
    'oci-archive:f.tar:v1': { kind: 'oci-archive', path: 'f.tar', tag: 'v1' },
    'docker-archive:f.tar': { kind: 'docker-archive', path: 'f.tar' },
    'docker-archive:f.tar:app': { kind: 'docker-archive', path: 'f.tar', name: 'docker.io/library/app:latest' },
    'docker-archive:f.tar:host:5000/app:1': { kind: 'docker-archive', path: 'f.tar', name: 'host:5000/app:1' },
    'rootfs:/': { kind: 'rootfs', path: '/' },
    'rootfs:/a:b': { kind: 'rootfs', path: '/a:b' },
    'deb:nginx': { kind: 'deb', packages: ['nginx'] },
    'deb:nginx,curl=7.88.1-10,libc6:arm64': { kind: 'deb', packages: ['nginx', 'curl=7.88.1-10', 'libc6:arm64'] },
    '-': { kind: 'stream' },
    './image.tar': { kind: 'path', path: './image.tar' },
    '../x': { kind: 'path', path: '../x' },
    '/abs/x.tar': { kind: 'path', path: '/abs/x.tar' },
    '.': { kind: 'path', path: '.' },
  };
  for (const [text, place] of Object.entries(places)) {
    it(`written ${text} is of kind ${'kind' in place ? place.kind : ''}`, () =>
      assert.deepEqual(parsePlace(text), place));
  }

  it('in the store goes by the whole reference', () => {
    for (const [text, name] of [
      ['nginx', 'docker.io/library/nginx:latest'],
      ['me/app:1', 'docker.io/me/app:1'],
      ['localhost:5000/x', 'localhost:5000/x:latest'],
    ]) {
      const place = parsePlace(text ?? '');
      assert.deepEqual([place.kind, place.kind === 'store' && place.name], ['store', name]);
    }
  });

  it('in a registry is known', () => {
    const place = parsePlace('docker://nginx');
    assert.deepEqual(place, {
      kind: 'registry',
      reference: { registry: 'docker.io', repository: 'library/nginx', tag: 'latest' },
    });
  });

  it('with colons in its path ends where the longest path that exists ends', () => {
    const path = join(root, 'a:b:c');
    mkdirSync(path);
    assert.deepEqual(parsePlace(`oci:${path}`), { kind: 'oci', path });
    assert.deepEqual(parsePlace(`oci:${path}:v1`), { kind: 'oci', path, tag: 'v1' });
    assert.deepEqual(parsePlace(path), { kind: 'path', path });
    assert.deepEqual(parsePlace(`${path}:v1`), { kind: 'path', path, tag: 'v1' });
  });

  it('that is no name can still be a path that exists', () => {
    const file = join(root, 'Image.TAR');
    writeFileSync(file, '');
    const relative = file
      .slice(1)
      .split('/')
      .map(() => '..')
      .join('/');
    assert.equal(parsePlace(`${relative}${file}`).kind, 'path');
    assert.throws(() => parsePlace('Absent.TAR'), { code: 'REFERENCE_INVALID' });
  });

  for (const text of [
    '',
    'oci:',
    'docker-archive:',
    'rootfs:',
    'deb:',
    'deb:a;b',
    'deb:a,,b',
    'oci:x:',
    'oci:x:a b',
    'http://x',
    'oci:x:-',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () =>
      assert.throws(
        () => parsePlace(text),
        (error: { code?: string }) => /INVALID$/.test(error.code ?? ''),
      ));
  }
});
