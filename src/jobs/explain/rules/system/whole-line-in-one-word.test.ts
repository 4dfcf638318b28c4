import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { wholeLineInOneWord } from './whole-line-in-one-word.ts';

const files = { '/app': staticProgram(), '/bin/tool': staticProgram(), '/my app': staticProgram() };
const judge = (...entrypoint: string[]) => judgedBy(wholeLineInOneWord, { files, config: { entrypoint } });

describe('whole-line-in-one-word', () => {
  it('splits a line whose first word is there, as a path or in PATH', async () => {
    assert.equal((await judge('/app --flag x', 'y'))[0]?.advice, 'ENTRYPOINT ["/app","--flag","x","y"]');
    assert.equal((await judge('tool -v')).length, 1);
  });

  it('is silent about words without spaces, names with one, and what is not there either way', async () => {
    assert.deepEqual(await judge('/app', '--flag x'), []);
    assert.deepEqual(await judge('/my app'), []);
    assert.deepEqual(await judge('/none --flag'), []);
  });
});
