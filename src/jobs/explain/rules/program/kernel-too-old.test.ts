import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ElfNote } from '../../../../../tests/make/elf-notes.ts';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { kernelTooOld } from './kernel-too-old.ts';

const abiTag = (major: number, minor: number): ElfNote => {
  const content = Buffer.alloc(16);
  content.writeUInt32LE(major, 4);
  content.writeUInt32LE(minor, 8);
  return { owner: 'GNU', type: 1, content };
};
const filesWith = (note: ElfNote) => ({
  ...glibcFiles(),
  '/usr/lib/x86_64-linux-gnu/libc.so.6': sharedLibrary('libc.so.6', { notes: [note] }),
  '/app': glibcProgram(),
});

describe('kernel-too-old', () => {
  it('names the kernel that a libc asks for, where hosts may have an older one', async () => {
    const [found] = await judgedBy(kernelTooOld, { files: filesWith(abiTag(5, 10)) });
    assert.match(found?.says ?? '', /asks for Linux 5\.10/);
  });

  it("is silent about what distributions' libcs ask for", async () => {
    assert.deepEqual(await judgedBy(kernelTooOld, { files: filesWith(abiTag(3, 2)) }), []);
  });
});
