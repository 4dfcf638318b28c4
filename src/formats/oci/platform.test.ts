import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatPlatform, parsePlatform, platformMatches, platformRank } from './index.ts';

const texts: Record<string, string> = {
  'linux/amd64': 'linux/amd64',
  'linux/x86_64': 'linux/amd64',
  'Linux/AMD64/v1': 'linux/amd64',
  'linux/amd64/v3': 'linux/amd64/v3',
  aarch64: 'linux/arm64',
  'linux/arm64/8': 'linux/arm64/v8',
  'linux/arm64/v8': 'linux/arm64/v8',
  'linux/arm': 'linux/arm/v7',
  'linux/arm/6': 'linux/arm/v6',
  armhf: 'linux/arm/v7',
  armel: 'linux/arm/v6',
  i686: 'linux/386',
  'macos/arm64': 'darwin/arm64',
};

describe('a platform', () => {
  for (const [text, normal] of Object.entries(texts)) {
    it(`is ${normal} when ${text} is asked for`, () => assert.equal(formatPlatform(parsePlatform(text)), normal));
  }

  for (const text of ['', 'linux', 'linux/', 'a/b/c/d', 'linux/am d64', 'nonsense']) {
    it(`is not read from ${JSON.stringify(text)}`, () =>
      assert.throws(() => parsePlatform(text), { code: 'PLACE_INVALID' }));
  }

  it('is the same with and without the variant that its architecture has anyway', () => {
    assert.equal(platformRank(parsePlatform('linux/arm64'), parsePlatform('linux/arm64/v8')), 0);
    assert.equal(platformRank(parsePlatform('linux/arm64/v8'), { os: 'linux', architecture: 'aarch64' }), 0);
    assert.equal(platformRank(parsePlatform('arm'), { os: 'linux', architecture: 'arm', variant: 'v7' }), 0);
  });

  it('serves a newer machine but not an older one', () => {
    assert.equal(platformMatches(parsePlatform('linux/amd64/v3'), parsePlatform('linux/amd64')), true);
    assert.equal(platformMatches(parsePlatform('linux/amd64'), parsePlatform('linux/amd64/v3')), false);
    assert.equal(platformMatches(parsePlatform('linux/arm/v7'), parsePlatform('linux/arm/v6')), true);
    assert.equal(platformMatches(parsePlatform('linux/arm/v6'), parsePlatform('linux/arm/v7')), false);
  });

  it('of 32 bits serves the 64-bit machine, yet less well than any of 64 bits', () => {
    const wanted = parsePlatform('linux/arm64');
    const elder = platformRank(wanted, parsePlatform('linux/arm/v7')) ?? 0;
    assert.ok(elder > (platformRank(parsePlatform('linux/arm64/v9'), parsePlatform('linux/arm64/v8')) ?? 0));
    assert.equal(platformMatches(parsePlatform('386'), parsePlatform('amd64')), false);
  });

  it('of another system or machine does not match', () => {
    assert.equal(platformMatches(parsePlatform('amd64'), parsePlatform('arm64')), false);
    assert.equal(platformMatches(parsePlatform('linux/amd64'), parsePlatform('windows/amd64')), false);
  });
});
