import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findNearest } from './usage.ts';

it('finds the name that was probably meant, and none when nothing is near', () => {
  const known = ['pack', 'images', 'save', 'run', 'copy'];
  assert.equal(findNearest('pakc', known), 'pack');
  assert.equal(findNearest('image', known), 'images');
  assert.equal(findNearest('nur', known), undefined);
  assert.equal(findNearest('completion', known), undefined);
});
