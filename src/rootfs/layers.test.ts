import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { layerOfItems } from '../../tests/make/layer.ts';
import { describeTree, randomTree } from '../../tests/make/random-tree.ts';
import { layerBetween } from './diff.ts';
import { treeOf } from './from-image.ts';
import { literalTree } from './literal.ts';
import { overlay } from './overlay.ts';

const empty = literalTree({});

describe('layerBetween and treeOf', () => {
  it('are each the other backwards: the layer from a to b, applied on a, gives b', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, randomTree, async (a, b) => {
        const base = await layerOfItems(layerBetween(empty, a));
        const unpacked = await treeOf({ layers: [base] });
        assert.deepEqual(await describeTree(unpacked), await describeTree(a));
        const change = await layerOfItems(layerBetween(unpacked, b));
        assert.deepEqual(await describeTree(await treeOf({ layers: [base, change] })), await describeTree(b));
      }),
      { numRuns: 300 },
    );
  });

  it('give an overlay, of which only the upper tree was looked at', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, randomTree, async (a, b) => {
        const base = await layerOfItems(layerBetween(empty, a));
        const unpacked = await treeOf({ layers: [base] });
        const both = overlay(unpacked, b);
        const change = await layerOfItems(layerBetween(unpacked, both));
        assert.deepEqual(await describeTree(await treeOf({ layers: [base, change] })), await describeTree(both));
      }),
      { numRuns: 300 },
    );
  });

  it('write nothing when nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, async (a) => {
        const unpacked = await treeOf({ layers: [await layerOfItems(layerBetween(empty, a))] });
        for await (const { header } of layerBetween(a, unpacked)) assert.fail(`${header.path} is written`);
      }),
    );
  });
});
