import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { rootScript, shellWords } from './script.ts';

describe('shellWords', () => {
  it('gives a shell exactly the words that it was given', () => {
    const words = ['plain', '', "it's", 'a b', '$HOME', '`id`', '"', '\\', '*', 'new\nline', '-n', 'é', "''"];
    const { stdout } = spawnSync('sh', ['-c', `for w in ${shellWords(words)}; do printf '%s\\0' "$w"; done`]);
    assert.deepEqual(stdout.toString().split('\0').slice(0, -1), words);
  });
});

describe('rootScript', () => {
  it('tries a disk, then memory, then a copy', () => {
    const script = rootScript({ upper: 'disk', userNamespace: false });
    const order = ['upperdir=upper,', 'upperdir=work/upper', 'cp -a lower'].map((text) => script.indexOf(text));
    assert.ok(
      order.every((at, index) => at > (order[index - 1] ?? -1)),
      script,
    );
  });

  it('never copies a root that holds the run itself', () => {
    const script = rootScript({ upper: 'memory', userNamespace: false });
    assert.ok(!script.includes('cp -a') && !script.includes('upperdir=upper'));
  });

  it('asks for marks that a user namespace may write', () => {
    assert.match(rootScript({ upper: 'disk', userNamespace: true }), /,userxattr merged/);
  });
});
