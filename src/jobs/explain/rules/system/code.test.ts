import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeScene, staticProgram } from '../../../../../tests/make/scene.ts';
import { constantsOf, goFunctionOf } from './code.ts';

const filler = 40;

/** Code that loads the address `target` and the number `length`, with `between` after the first of the two. */
function code(from: number, target: number, length: number, between: number[] = []): Uint8Array {
  const lea = Buffer.from([0x48, 0x8d, 0x05, 0, 0, 0, 0]);
  lea.writeInt32LE(target - (from + lea.length), 3);
  const mov = Buffer.from([0xbb, 0, 0, 0, 0]);
  mov.writeUInt32LE(length, 1);
  return Buffer.concat([lea, Buffer.from(between), mov, Buffer.alloc(filler, 0x90)]);
}

/** A program whose code names `length` bytes of the text, wherever the writer puts both. */
async function constantsIn(text: string, length: number, between: number[] = []): Promise<string[]> {
  const first = await sceneOf(text, code(0, 0, length, between));
  const { entry, segments } = first.program.elf;
  const node = await first.scene.tree.lookup(first.program.path);
  const bytes = Buffer.from((await node?.content.readAt?.(0, node.sizeBytes)) ?? []);
  const offset = bytes.indexOf(text);
  const segment = segments.find((each) => offset >= each.offset && offset < each.offset + each.fileSize);
  const target = (segment?.address ?? 0) + offset - (segment?.offset ?? 0);
  const { scene, program } = await sceneOf(text, code(entry, target, length, between));
  return [...(await constantsOf(scene, program))];
}

async function sceneOf(text: string, bytes: Uint8Array) {
  const scene = await makeScene({ files: { '/app': staticProgram({ strings: [text], code: bytes }) } });
  assert.ok(scene.program);
  return { scene, program: scene.program };
}

describe('constantsOf', () => {
  it('finds a text of which address and length are loaded', async () => {
    assert.deepEqual(await constantsIn('gitfoobar', 3), ['git']);
  });

  it('finds it with another instruction between', async () => {
    assert.deepEqual(await constantsIn('gitfoobar', 3, [0x48, 0x89, 0xf1]), ['git']);
  });

  it('takes no address outside of the data, and no length beyond it', async () => {
    assert.deepEqual(await constantsIn('git', 100_000), []);
    const { scene, program } = await sceneOf('git', code(0, 0x7fff0000, 3));
    assert.deepEqual([...(await constantsOf(scene, program))], []);
  });
});

describe('goFunctionOf', () => {
  it('finds whole names between NULs', async () => {
    const { scene, program } = await sceneOf('crypto/tls.Dial', Buffer.alloc(1));
    assert.equal(
      await goFunctionOf(scene, program, ['crypto/tls.DialWithDialer', 'crypto/tls.Dial']),
      'crypto/tls.Dial',
    );
    assert.equal(await goFunctionOf(scene, program, ['tls.Dial', 'crypto/tls.Dia']), undefined);
  });
});
