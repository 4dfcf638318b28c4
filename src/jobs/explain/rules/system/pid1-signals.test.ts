import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary, staticProgram } from '../../../../../tests/make/scene.ts';
import { pid1Signals } from './pid1-signals.ts';

const judge = (imports: string[], more = {}, needs = ['libc.so.6']) =>
  judgedBy(pid1Signals, { files: { ...glibcFiles(), '/app': glibcProgram({ imports, needs }), ...more } });

describe('pid1-signals', () => {
  it('notes a program that waits for ever and handles no signal', async () => {
    const [found] = await judge(['accept', 'listen']);
    assert.equal(found?.severity, 'notes');
  });

  it('is silent where it handles them, or a library of it does', async () => {
    assert.deepEqual(await judge(['accept', 'sigaction']), []);
    const library = { '/usr/lib/x86_64-linux-gnu/libuv.so.1': sharedLibrary('libuv.so.1', { imports: ['sigaction'] }) };
    assert.deepEqual(await judge(['poll'], library, ['libuv.so.1', 'libc.so.6']), []);
  });

  it('is silent about programs that end by themselves, and of which nothing can be seen', async () => {
    assert.deepEqual(await judge(['puts']), []);
    assert.deepEqual(await judge([], { '/app': staticProgram() }), []);
  });
});
