import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  glibcFiles,
  glibcProgram,
  makeScene,
  muslFiles,
  muslProgram,
  staticProgram,
} from '../../../../../tests/make/scene.ts';
import { programRules } from './index.ts';

describe('the rules about programs', () => {
  it('have each a code of their own, and say all that their section tells', () => {
    const codes = programRules.map(({ code }) => code);
    assert.equal(new Set(codes).size, codes.length);
    for (const { code, title, sees, why, fix, dockerfile } of programRules) {
      assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [title, ...sees, why, fix, dockerfile]) assert.ok(text.length > 10, `${code}: ${text}`);
      assert.match(title, /^[^.]+(\.NET[^.]*)*\.$|^\.NET .*\.$/, code);
    }
  });

  it('are silent about plain programs of each kind', async () => {
    const images = [
      { '/app': staticProgram() },
      { ...glibcFiles(), '/app': glibcProgram() },
      { ...muslFiles, '/app': muslProgram() },
    ];
    for (const files of images) {
      const scene = await makeScene({ files });
      for (const rule of programRules) assert.deepEqual(await rule.judge(scene), [], rule.code);
    }
  });

  it('say nothing of an empty image', async () => {
    const scene = await makeScene();
    for (const rule of programRules) assert.deepEqual(await rule.judge(scene), [], rule.code);
  });
});
