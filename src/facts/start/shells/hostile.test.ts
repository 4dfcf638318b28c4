import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { script, startIn } from '../../../../tests/make/start.ts';

const words = fc.constantFrom(
  ...['/app', 'nope', 'exec', '"$@"', '$A', '$(id -u)', '`x`', '$((1+1))', '[', ']', '-f', '/etc/passwd', 'A=1', 'cd'],
  ...[
    '/srv',
    '.',
    'f',
    '()',
    '{',
    '}',
    'if',
    'then',
    'else',
    'fi',
    'while',
    'true',
    'do',
    'done',
    'for',
    'i',
    'in',
    '*',
  ],
  ...[
    'case',
    'esac',
    ')',
    '(',
    ';',
    ';;',
    '&&',
    '||',
    '|',
    '&',
    '\n',
    '>',
    '<<E',
    '\nE\n',
    'set',
    '--',
    'shift',
    'eval',
  ],
  ...['$0', 'sh', '-c', 'tini', 'gosu', 'web', 'return', 'exit', 'break', '"', "'", '\\', '${', '[[', ']]', '!'],
);

describe('startOf, with scripts that nobody meant,', () => {
  it('comes to an answer for each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 40 }), fc.boolean(), async (parts, isFile) => {
        const text = parts.join(' ');
        const argv = isFile ? ['/run', '/app', 'x'] : ['sh', '-c', text];
        const verdict = await startIn(argv, { files: { '/run': script(`#!/bin/bash\n${text}\n`) } });
        assert.ok(['yes', 'no', 'unknown'].includes(verdict.starts));
      }),
      { numRuns: 150 },
    );
  });

  for (const [what, text] of [
    [
      'a list of arguments that doubles',
      `set -- a b\nfor i in ${'1 '.repeat(50)}; do set -- "$@" "$@"; done\nexec "$@"`,
    ],
    ['a variable that doubles', `A=x\nfor i in ${'1 '.repeat(50)}; do A=$A$A; done\n/app $A`],
    ['functions that call themselves twice', 'f() { f; f; }\nf\n/app'],
    ['functions that call one another', 'f() { g; g; }\ng() { f & f; }\nf'],
    ['loops in loops', `${'for i in 1 2 3 4 5 6 7 8 9; do '.repeat(8)}/app; ${'done; '.repeat(8)}`],
    ['substitutions in substitutions', `${'$('.repeat(500)}x${')'.repeat(500)}`],
    ['a script that runs itself twice', '/run\n/run\nsh /run'],
    ['texts that evaluate themselves', 'A=\'eval "$A"; eval "$A"\'\neval "$A"'],
    ['a file that reads itself', '. /run\n. /run'],
    ['a hundred thousand commands', '/app\n'.repeat(100_000)],
    ['one long word', `/app ${'a'.repeat(900_000)}`],
    ['brackets that never close', '(('.repeat(100_000)],
    ['a pattern with many stars', `case ${'a'.repeat(900)} in ${'*a'.repeat(450)}b) nope;; esac`],
    ['many quotations', `echo ${'"\'`'.repeat(50_000)}`],
  ] as const) {
    it(`is done soon with ${what}`, async () => {
      const begin = performance.now();
      const verdict = await startIn(['/run'], { files: { '/run': script(`#!/bin/bash\n${text}\n`) } });
      assert.ok(['yes', 'unknown'].includes(verdict.starts));
      assert.ok(performance.now() - begin < 8000);
    });
  }
});
