import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutPod } from './pod.ts';

describe('withoutPod', () => {
  it('takes documentation out of a script, and nothing else', () => {
    const script = 'use A;\n=head1 NAME\n\nuse B;\n\n=cut\nuse C;\n=pod\nuse D;\n=cut of it\nmy $x\n=1;\n';
    assert.equal(withoutPod(script), 'use A;\nuse C;\nmy $x\n=1;\n');
    assert.equal(withoutPod('a\n=b\nc\n'), 'a\n=b\nc\n');
  });

  it('takes a time that grows with the length alone', () => {
    const before = performance.now();
    withoutPod(`${'=a\n'.repeat(300_000)}\n=cut\n`);
    assert.ok(performance.now() - before < 1000);
  });
});
