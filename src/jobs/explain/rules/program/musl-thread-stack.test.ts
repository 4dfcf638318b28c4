import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, muslFiles, muslProgram } from '../../../../../tests/make/scene.ts';
import { muslThreadStack } from './musl-thread-stack.ts';

const foundFor = (imports: readonly string[]) =>
  judgedBy(muslThreadStack, { files: { ...muslFiles, '/app': muslProgram({ imports }) } });

describe('musl-thread-stack', () => {
  it('speaks of a program that makes threads without a size for their stacks', async () => {
    const [found] = await foundFor(['pthread_create']);
    assert.equal(found?.severity, 'notes');
    assert.match(found?.says ?? '', /^\/app makes threads/);
  });

  it('is silent where the size is set, where no threads are made, and with glibc', async () => {
    assert.deepEqual(await foundFor(['pthread_create', 'pthread_attr_setstacksize']), []);
    assert.deepEqual(await foundFor(['open']), []);
    const files = { ...glibcFiles(), '/app': glibcProgram({ imports: ['pthread_create'] }) };
    assert.deepEqual(await judgedBy(muslThreadStack, { files }), []);
  });
});
