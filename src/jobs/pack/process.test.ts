import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyProcessConfig } from '../../formats/oci/index.ts';
import { imagePath } from '../../kit/index.ts';
import { defaultPath, processOf } from './process.ts';

const program = { path: imagePath('/usr/bin/app'), args: ['-x'] };

describe('processOf', () => {
  it('starts the program by its path, with its arguments and a PATH', () => {
    assert.deepEqual(processOf(emptyProcessConfig, program, {}), {
      ...emptyProcessConfig,
      entrypoint: ['/usr/bin/app'],
      cmd: ['-x'],
      env: [`PATH=${defaultPath}`],
    });
  });

  it('leaves Cmd away when there are no arguments, also that of a base', () => {
    const config = processOf({ ...emptyProcessConfig, cmd: ['old'] }, { ...program, args: [] }, {});
    assert.equal('cmd' in config, false);
  });

  it('keeps what the base says and lets the user have the last word', () => {
    const before = { ...emptyProcessConfig, env: ['PATH=/bin', 'A=1'], user: 'app', exposedPorts: ['80/tcp'] };
    const config = processOf(before, program, { env: ['A=2', 'B=3'], expose: ['53/udp', '8000-8001'], cmd: ['y'] });
    assert.deepEqual(config.env, ['PATH=/bin', 'A=2', 'B=3']);
    assert.deepEqual(config.exposedPorts, ['53/udp', '80/tcp', '8000/tcp', '8001/tcp']);
    assert.deepEqual([config.user, config.cmd], ['app', ['y']]);
  });

  it('refuses what is no port and a working directory that is not absolute', () => {
    for (const expose of ['http', '80/icmp', '9-8', '70000', '1-70000', '']) {
      assert.throws(() => processOf(emptyProcessConfig, program, { expose: [expose] }), { code: 'CONFIG_MALFORMED' });
    }
    assert.throws(() => processOf(emptyProcessConfig, program, { workingDir: 'srv' }), { code: 'CONFIG_MALFORMED' });
  });
});
