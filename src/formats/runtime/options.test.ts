import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProcessConfig } from '../oci/index.ts';
import { commandOf, environmentOf, findVariable } from './command.ts';
import {
  parseBind,
  parseCpus,
  parseEnvFile,
  parseMemory,
  parsePids,
  parseSecurity,
  parseTmpfs,
  parseUlimit,
} from './options.ts';

const invalid = { code: 'OPTION_INVALID' };
const config = (change: Partial<ProcessConfig>): ProcessConfig => ({
  env: [],
  exposedPorts: [],
  volumes: [],
  labels: {},
  onBuild: [],
  ...change,
});

describe('commandOf', () => {
  const image = config({ entrypoint: ['/e', '-x'], cmd: ['c'] });

  it('puts Cmd behind Entrypoint, and arguments in the place of Cmd', () => {
    assert.deepEqual(commandOf(image, { args: [] }), ['/e', '-x', 'c']);
    assert.deepEqual(commandOf(image, { args: ['a', 'b'] }), ['/e', '-x', 'a', 'b']);
  });

  it('drops Cmd when the entrypoint is another one', () => {
    assert.deepEqual(commandOf(image, { entrypoint: '/o', args: [] }), ['/o']);
    assert.deepEqual(commandOf(image, { entrypoint: '', args: ['/p'] }), ['/p']);
  });

  it('counts an Entrypoint of one empty text as none', () => {
    assert.deepEqual(commandOf(config({ entrypoint: [''], cmd: ['/c'] }), { args: [] }), ['/c']);
  });

  it('refuses an image without a command', () => {
    assert.throws(() => commandOf(config({ entrypoint: [''] }), { args: [] }), { message: 'no command specified' });
  });
});

describe('environmentOf', () => {
  const settings = { hostname: 'box', terminal: false, change: [] };

  it('begins with PATH and HOSTNAME, and TERM on a terminal', () => {
    const env = environmentOf(config({}), { ...settings, terminal: true });
    assert.deepEqual(env, [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'HOSTNAME=box',
      'TERM=xterm',
    ]);
  });

  it('lets the image change it and the user change that; a bare name takes away', () => {
    const env = environmentOf(config({ env: ['PATH=/b', 'A=1', 'B=2', 'C=x=y'] }), {
      ...settings,
      change: ['A=3', 'B'],
    });
    assert.deepEqual(env, ['PATH=/b', 'HOSTNAME=box', 'A=3', 'C=x=y']);
    assert.equal(findVariable(env, 'C'), 'x=y');
    assert.equal(findVariable(env, 'B'), undefined);
  });
});

describe('the flags of docker run', () => {
  it('reads a bind mount', () => {
    assert.deepEqual(parseBind('/a:/b/../c:ro', '/w'), {
      source: '/a',
      target: '/c',
      readOnly: true,
      propagation: 'rprivate',
    });
    assert.equal(parseBind('./d:/e', '/w').source, '/w/./d');
    assert.equal(parseBind('/a:/b:rw,z,rslave', '/w').propagation, 'rslave');
  });

  it('refuses mounts that it cannot make', () => {
    for (const text of ['name:/x', '/x', '/a:b', '/a:/', '/a:/b:rx', '/a:/b:ro:rw', '']) {
      assert.throws(() => parseBind(text, '/w'), invalid, text);
    }
    for (const text of ['x', '/', '']) assert.throws(() => parseTmpfs(text), invalid, text);
  });

  it('reads a tmpfs with its options', () => {
    assert.deepEqual(parseTmpfs('/t:size=1m,mode=700'), { target: '/t', options: ['size=1m', 'mode=700'] });
    assert.deepEqual(parseTmpfs('/t'), { target: '/t', options: [] });
  });

  it('reads sizes in units of 1024', () => {
    assert.equal(parseMemory('64m'), 67108864);
    assert.equal(parseMemory('1.5GiB'), 1610612736);
    assert.equal(parseMemory('8388608'), 8388608);
    assert.equal(parseMemory('0'), undefined);
    for (const text of ['', 'm', '5m', '-1', '64x', '1e9', '99999999t'])
      assert.throws(() => parseMemory(text), invalid, text);
  });

  it('reads processors, processes and limits', () => {
    assert.deepEqual([parseCpus('0.5'), parseCpus('0')], [0.5, undefined]);
    assert.deepEqual([parsePids('10'), parsePids('-1')], [10, undefined]);
    assert.deepEqual(parseUlimit('nofile=10:20'), { type: 'RLIMIT_NOFILE', soft: 10, hard: 20 });
    assert.deepEqual(parseUlimit('core=0'), { type: 'RLIMIT_CORE', soft: 0, hard: 0 });
    for (const text of ['', '0.001', '-1', 'two']) assert.throws(() => parseCpus(text), invalid, text);
    for (const text of ['', '-2', 'x']) assert.throws(() => parsePids(text), invalid, text);
    for (const text of ['', 'nofile', 'fly=1', 'nofile=3:2', 'nofile=-1:2']) {
      assert.throws(() => parseUlimit(text), invalid, text);
    }
  });

  it('reads security options', () => {
    assert.deepEqual(parseSecurity([]), { noNewPrivileges: false, seccomp: 'default' });
    assert.deepEqual(parseSecurity(['no-new-privileges', 'seccomp=unconfined']), {
      noNewPrivileges: true,
      seccomp: 'unconfined',
    });
    assert.equal(parseSecurity(['no-new-privileges:false']).noNewPrivileges, false);
    assert.throws(() => parseSecurity(['seccomp=/my.json']), invalid);
  });

  it('reads an env file: comments and empty lines are passed over, values are taken as they stand', () => {
    assert.deepEqual(parseEnvFile('# c\n\nA=1 # no comment\r\n  B= x \nC\n'), ['A=1 # no comment', 'B= x ', 'C']);
    assert.throws(() => parseEnvFile('A B=1'), invalid);
    assert.throws(() => parseEnvFile('=1'), invalid);
  });
});
