import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pythonLibrary } from '../../../../../tests/make/runtimes.ts';
import { executable, glibcFiles, glibcProgram, judgedBy } from '../../../../../tests/make/scene.ts';
import { pythonVenv } from './python-venv.ts';

const files = {
  ...glibcFiles(),
  ...pythonLibrary('3.12'),
  '/usr/bin/python3.12': glibcProgram(),
  '/usr/bin/python3': { linkTarget: 'python3.12' },
  '/app': executable('#!/usr/bin/env python3\n'),
  '/usr/bin/env': glibcProgram(),
  '/venv/pyvenv.cfg': 'home = /usr/local/bin\nversion = 3.11.4\n',
};
const config = { env: ['PATH=/venv/bin:/usr/bin'] };

describe('python-venv', () => {
  it('speaks of an environment whose Python is not there, so that another one runs', async () => {
    const link = { linkTarget: '/usr/local/bin/python3.11' };
    const [found] = await judgedBy(pythonVenv, { files: { ...files, '/venv/bin/python': link }, config });
    assert.equal(found?.severity, 'degrades');
    assert.match(found?.says ?? '', /^\/venv\/bin\/python leads to \/usr\/local/);
  });

  it('speaks of an environment that another release made', async () => {
    const links = {
      '/venv/bin/python3': { linkTarget: 'python' },
      '/venv/bin/python': { linkTarget: '/usr/bin/python3' },
    };
    const [found] = await judgedBy(pythonVenv, { files: { ...files, ...links }, config });
    assert.equal(found?.says, '/venv was made by Python 3.11, and Python 3.12 runs');
  });

  it('is silent about a good one, and where none is named', async () => {
    const good = {
      ...files,
      '/venv/pyvenv.cfg': 'version = 3.12.1\n',
      '/venv/bin/python': { linkTarget: '/usr/bin/python3' },
    };
    assert.deepEqual(await judgedBy(pythonVenv, { files: good, config }), []);
    assert.deepEqual(await judgedBy(pythonVenv, { files }), []);
  });
});
