import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeScene, staticProgram } from '../../../../../tests/make/scene.ts';
import { platformMismatch } from './platform-mismatch.ts';

async function judge(architecture: string, program: string) {
  const files = { '/app': staticProgram({ architecture: program }) };
  const scene = await makeScene({ files, platform: { os: 'linux', architecture: program } });
  return platformMismatch.judge({ ...scene, platform: { os: 'linux', architecture } });
}

describe('platform-mismatch', () => {
  it('speaks of a program that starts and is not for the platform that the image names', async () => {
    const [found] = await judge('arm64', 'amd64');
    assert.match(found?.says ?? '', /linux\/arm64, and \/app is for amd64/);
  });

  it('is silent where they are the same, or the machine runs both', async () => {
    assert.deepEqual(await judge('arm64', 'arm64'), []);
    assert.deepEqual(await judge('amd64', '386'), []);
  });
});
