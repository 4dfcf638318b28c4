import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { elf } from '../../tests/make/elf.ts';
import { makeImage } from '../../tests/make/image.ts';
import { memoryStore } from '../content/index.ts';
import { saveImage } from '../image/index.ts';
import { subjectOf } from './subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'osless-subject-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array, mode = 0o644): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const kindOf = async (text: string, store = memoryStore()) => (await subjectOf(text, { store, cwd: folder })).kind;

describe('what is asked about', () => {
  it('is a program when its first bytes are those of one, executable or not', async () => {
    const cases = { elf: elf(), script: '#!/bin/sh\n', pe: 'MZ....', wasm: '\0asm\x01\0\0\0' };
    for (const [name, content] of Object.entries(cases))
      assert.equal(await kindOf(file(name, content)), 'program', name);
    symlinkSync('elf', join(folder, 'link'));
    assert.equal(await kindOf(join(folder, 'link')), 'program');
  });

  it('is a program when somebody may execute it, unless it is an archive', async () => {
    assert.equal(await kindOf(file('empty', '', 0o755)), 'program');
    assert.equal(await kindOf(file('text', 'echo hello\n', 0o755)), 'program');
    assert.equal(await kindOf(file('packed', gzipSync('x'), 0o755)), 'image');
    assert.equal(await kindOf(file('cut', '')), 'image');
  });

  it('is a place for all else, as for other commands', async () => {
    assert.equal(await kindOf('rootfs:/'), 'directory');
    assert.equal(await kindOf('-'), 'image');
    assert.equal(await kindOf(folder), 'image');
    assert.equal(await kindOf(`docker-archive:${join(folder, 'elf')}`), 'image');
    assert.equal(await kindOf(join(folder, 'nothing')), 'image');
  });

  it('is the image of the local store where a file has the same name', async () => {
    const before = process.cwd();
    process.chdir(folder);
    after(() => process.chdir(before));
    const store = memoryStore();
    assert.equal(await kindOf('elf', store), 'program');
    await saveImage(await makeImage([]), 'elf', { store });
    assert.equal(await kindOf('elf', store), 'image');
  });

  it('finds relative paths from the working directory that it is told', async () => {
    const subject = await subjectOf(join(folder, 'elf'), { store: memoryStore(), cwd: '/nowhere' });
    assert.deepEqual(subject, { kind: 'program', path: join(folder, 'elf') });
  });
});
