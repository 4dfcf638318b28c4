import assert from 'node:assert/strict';
import { it } from 'node:test';
import { wordsOf } from './words.ts';

it('cuts words as a shell does', () => {
  assert.deepEqual(wordsOf('--cmd', `-g 'daemon off;' a\\ b "c \\"d\\" \\n" e'f'"g"`), [
    '-g',
    'daemon off;',
    'a b',
    'c "d" \\n',
    'efg',
  ]);
  assert.deepEqual(wordsOf('--cmd', '  '), []);
  assert.deepEqual(wordsOf('--cmd', "''"), ['']);
});

it('takes a JSON list as it stands', () => {
  assert.deepEqual(wordsOf('--cmd', '["-g", "daemon off;"]'), ['-g', 'daemon off;']);
});

it('refuses a quotation without an end and a list that is not JSON', () => {
  assert.throws(() => wordsOf('--cmd', `a 'b`), {
    name: 'UsageError',
    message: /--cmd has a quotation that does not end/,
  });
  assert.throws(() => wordsOf('--cmd', '[a]'), { name: 'UsageError', message: /no JSON list/ });
});
