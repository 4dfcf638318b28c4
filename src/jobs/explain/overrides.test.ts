import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyProcessConfig } from '../../formats/oci/index.ts';
import { withOverrides } from './overrides.ts';

const own = { ...emptyProcessConfig, entrypoint: ['/app'], cmd: ['-x'], env: ['A=1', 'B=2'], user: 'app' };

describe('what docker run changes', () => {
  it('is nothing where nothing is given', () => {
    assert.deepEqual(withOverrides(own, {}), own);
  });

  it("takes the image's Cmd away with another Entrypoint, and keeps the Entrypoint with another Cmd", () => {
    const { cmd: _cmd, ...rest } = own;
    assert.deepEqual(withOverrides(own, { entrypoint: ['sh'] }), { ...rest, entrypoint: ['sh'] });
    assert.deepEqual(withOverrides(own, { cmd: ['-y'] }), { ...own, cmd: ['-y'] });
    assert.deepEqual(withOverrides(own, { entrypoint: ['sh'], cmd: ['-c'] }), {
      ...own,
      entrypoint: ['sh'],
      cmd: ['-c'],
    });
  });

  it('puts variables in the place of those of the same name, and takes those away that have no value', () => {
    assert.deepEqual(withOverrides(own, { env: ['C=3', 'A=9'] }).env, ['A=9', 'B=2', 'C=3']);
    assert.deepEqual(withOverrides(own, { env: ['A', 'D'] }).env, ['B=2']);
  });

  it('replaces user and working directory', () => {
    const { user, workingDir } = withOverrides(own, { user: '0', workingDir: '/srv' });
    assert.deepEqual([user, workingDir], ['0', '/srv']);
  });
});
