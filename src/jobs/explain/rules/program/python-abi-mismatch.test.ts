import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pythonLibrary } from '../../../../../tests/make/runtimes.ts';
import { executable, glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { pythonAbiMismatch } from './python-abi-mismatch.ts';

const filesWith = (name: string, text: string) => ({
  ...glibcFiles(),
  ...pythonLibrary('3.12'),
  '/usr/bin/python3.12': glibcProgram(),
  '/app': executable(`#!/usr/bin/python3.12\n${text}`),
  [`/usr/lib/python3/dist-packages/numpy/core/${name}`]: sharedLibrary('x.so'),
});
const old = '_umath.cpython-311-x86_64-linux-gnu.so';

describe('python-abi-mismatch', () => {
  it('speaks of a package that the script imports and whose modules are all for another release', async () => {
    const [found] = await judgedBy(pythonAbiMismatch, { files: filesWith(old, 'import numpy as np\n') });
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, ['numpy']);
  });

  it('notes one that is there and that the script does not import itself', async () => {
    const [found] = await judgedBy(pythonAbiMismatch, { files: filesWith(old, 'import os\n') });
    assert.equal(found?.severity, 'notes');
  });

  it('is silent about modules for this release or for all', async () => {
    for (const name of ['_umath.cpython-312-x86_64-linux-gnu.so', '_umath.abi3.so', '_umath.so']) {
      assert.deepEqual(await judgedBy(pythonAbiMismatch, { files: filesWith(name, 'import numpy\n') }), []);
    }
  });

  it('looks into the directories of PYTHONPATH, and not into those of other releases', async () => {
    const apart = (path: string) => ({
      ...filesWith('_umath.abi3.so', 'import lxml\n'),
      [path]: sharedLibrary('x.so'),
    });
    const config = { env: ['PYTHONPATH=/deps'] };
    const [found] = await judgedBy(pythonAbiMismatch, { files: apart(`/deps/lxml/${old}`), config });
    assert.deepEqual(found?.missing, ['lxml']);
    const other = apart(`/usr/local/lib/python3.11/site-packages/lxml/${old}`);
    assert.deepEqual(await judgedBy(pythonAbiMismatch, { files: other, config }), []);
  });

  it('is silent where modules for several releases lie together', async () => {
    const both = '/usr/lib/python3/dist-packages/numpy/core/_umath.cpython-312-x86_64-linux-gnu.so';
    const files = { ...filesWith(old, 'import numpy\n'), [both]: sharedLibrary('x.so') };
    assert.deepEqual(await judgedBy(pythonAbiMismatch, { files }), []);
  });
});
