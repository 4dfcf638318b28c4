import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { capabilitiesOf } from './capabilities.ts';
import { fileCapabilities } from './file-capabilities.ts';

const [netBindService, netAdmin] = [10, 12];

/** vfs_cap_data of revision 2. */
function capability(number: number, isEffective = true): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(0x02000000 | Number(isEffective), 0);
  bytes.writeUInt32LE((1 << number) >>> 0, 4);
  return bytes;
}

const judge = (value: Uint8Array, path = '/app') =>
  judgedBy(fileCapabilities, {
    files: {
      '/app': staticProgram(),
      [path]: { ...staticProgram(), xattrs: new Map([['security.capability', value]]) },
    },
  });

describe('file-capabilities', () => {
  it('speaks of the program with a capability that docker does not give', async () => {
    const [found] = await judge(capability(netAdmin));
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.about?.['capabilities'], ['net_admin']);
    assert.match(found?.advice ?? '', /--cap-add NET_ADMIN/);
  });

  it('only notes it of files that are not on the way to the program', async () => {
    assert.equal((await judge(capability(netAdmin), '/bin/ping'))[0]?.severity, 'notes');
  });

  it('is silent about what docker gives, what is not effective, and what is broken', async () => {
    assert.deepEqual(await judge(capability(netBindService)), []);
    assert.deepEqual(await judge(capability(netAdmin, false)), []);
    assert.deepEqual(await judge(Buffer.from('short')), []);
  });
});

describe('capabilitiesOf', () => {
  it('reads both words, and refuses what the kernel refuses', () => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt32LE(0x03000001, 0);
    bytes.writeUInt32LE(1, 4);
    bytes.writeUInt32LE(1 << 7, 12);
    assert.deepEqual(capabilitiesOf(bytes), { isEffective: true, permitted: [0, 39] });
    for (const wrong of [Buffer.alloc(0), Buffer.alloc(20), bytes.subarray(0, 19)])
      assert.equal(capabilitiesOf(wrong), undefined);
  });
});
