import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../../../tests/make/elf.ts';
import { pythonLibrary } from '../../../../../tests/make/runtimes.ts';
import {
  executable,
  glibcFiles,
  glibcProgram,
  judgedBy,
  type MadeFiles,
  makeScene,
  sharedLibrary,
  staticProgram,
} from '../../../../../tests/make/scene.ts';
import { foreignMachineElf } from './foreign-machine-elf.ts';

const arm = staticProgram({ architecture: 'arm64' });
const foundIn = async (files: MadeFiles) => {
  const found = await judgedBy(foreignMachineElf, { files: { '/app': staticProgram(), ...files } });
  return found.map(({ severity, about }) => [severity, about?.['machine'], about?.['paths']]);
};

describe('foreign-machine-elf', () => {
  it('notes files for another machine, one finding for each machine', async () => {
    const library = sharedLibrary('libx.so', { architecture: 'arm64' });
    const files = { '/opt/tool': arm, '/opt/libx.so': library, '/opt/other': staticProgram({ architecture: 's390x' }) };
    assert.deepEqual(await foundIn(files), [
      ['notes', 'aarch64', ['/opt/libx.so', '/opt/tool']],
      ['notes', 's390x', ['/opt/other']],
    ]);
  });

  it('says more of a command that lies in PATH', async () => {
    assert.deepEqual(await foundIn({ '/usr/local/bin/tool': arm }), [['degrades', 'aarch64', ['/usr/local/bin/tool']]]);
  });

  it('says more of a module that the script imports', async () => {
    const module = '/usr/lib/python3/dist-packages/foo/_foo.abi3.so';
    const files = {
      ...glibcFiles(),
      ...pythonLibrary('3.11'),
      '/usr/bin/python3.11': glibcProgram(),
      '/app': executable('#!/usr/bin/python3.11\nimport foo\n'),
      [module]: sharedLibrary('_foo.so', { architecture: 'arm64' }),
    };
    assert.deepEqual(await foundIn(files), [['degrades', 'aarch64', [module]]]);
  });

  it('is silent where the path names the machine, and about what no kernel runs', async () => {
    const files = {
      '/opt/tools/linux-arm64/tool': arm,
      '/usr/aarch64-linux-gnu/lib/libx.so': sharedLibrary('libx.so', { architecture: 'arm64' }),
      '/srv/node_modules/x/prebuilds/linux-arm64/x.node': sharedLibrary('x.node', { architecture: 'arm64' }),
      '/lib/firmware/chip.elf': arm,
      '/usr/local/go/src/debug/elf/testdata/program': arm,
      '/opt/filter.o': elf({ type: 'relocatable', architecture: 'arm64' }),
      '/opt/bpf': elf({ type: 'executable', machine: 247, code: new Uint8Array(8) }),
    };
    assert.deepEqual(await foundIn(files), []);
  });

  it('goes by the program where that starts though the image says another machine', async () => {
    const scene = await makeScene({
      files: { '/app': staticProgram(), '/opt/tool': staticProgram(), '/opt/other': arm },
    });
    const platform = { os: 'linux', architecture: 'arm64' };
    const found = await foreignMachineElf.judge({ ...scene, platform });
    assert.deepEqual(
      found.map(({ says }) => says),
      ['/opt/other is for aarch64, and the image for x86_64'],
    );
  });

  it('is silent about 32-bit files that the kernel of the platform runs', async () => {
    assert.deepEqual(await foundIn({ '/opt/old': staticProgram({ architecture: '386' }) }), []);
  });
});
