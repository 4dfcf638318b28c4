import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcProgram, staticProgram } from '../../../tests/make/scene.ts';
import { script, startIn, starts, stops } from '../../../tests/make/start.ts';
import { literalTree } from '../../rootfs/index.ts';
import { startOf } from './index.ts';

/** Each was given to docker 20.10, too. */
describe('startOf, with what the engine makes and mounts,', () => {
  const closed = { '/closed/': { mode: 0o700 } };
  starts(['../../app'], { config: { workingDir: '/not/there' } });
  starts(['./app'], { config: { workingDir: '/nope/..//' } });
  starts(['/app'], { files: { '/here': { linkTarget: '/not/there' } }, config: { workingDir: '/here' } });
  starts(['/app'], { config: { workingDir: '/dev/made' } });
  starts(['./run'], {
    files: { ...closed, '/closed/in/': {}, '/closed/in/run': staticProgram() },
    config: { workingDir: '/closed/in', user: 'web' },
  });
  stops('entrypoint-permission', ['./run'], {
    files: { ...closed, '/closed/run': staticProgram() },
    config: { workingDir: '/closed', user: 'web' },
    missing: ['/closed'],
  });
  stops('workdir-not-directory', ['/app'], { config: { workingDir: '/proc/made' } });
  stops('workdir-not-directory', ['/app'], { config: { workingDir: '/sys/made' } });
  stops('workdir-not-directory', ['/app'], { config: { workingDir: '/app/x' } });
  stops('mountpoint-conflict', ['/app'], { config: { volumes: ['/app'] }, subject: '/app' });
  starts(['/app'], { config: { volumes: ['/srv', '/made'] } });
  starts(['/app'], { files: { '/etc/hosts': { linkTarget: '/srv' } } });
  starts(['/app'], { files: { '/dev/null': 'a file', '/.dockerenv': 'x' } });

  stops('entrypoint-missing', ['/dev/app'], { files: { '/dev/app': glibcProgram() } });
  stops('entrypoint-missing', ['/proc/app'], { files: { '/proc/app': glibcProgram() } });
  stops('entrypoint-missing', ['/sys/app']);
  stops('entrypoint-not-regular', ['/dev/null']);
  stops('entrypoint-not-regular', ['/dev/stdout']);
  stops('entrypoint-not-executable', ['/proc/cpuinfo']);
  stops('entrypoint-not-executable', ['/etc/hosts'], { files: { '/etc/hosts': script('#!/bin/sh\n') } });
  stops('entrypoint-not-executable', ['/etc/mtab']);
  stops('empty-file', ['/.dockerenv']);
  stops('entrypoint-not-in-path', ['tool'], { config: { env: ['PATH'] } });
  starts(['tool'], { config: { env: ['TOOL'] } });

  starts(['/proc/self/root/app']);
  starts(['/link'], { files: { '/link': { linkTarget: '/proc/1/root/app' } } });
  stops('entrypoint-missing', ['/link'], { files: { '/link': { linkTarget: '/app/' } } });

  it('leaves undecided what only a running container has', async () => {
    for (const path of ['/proc/self/exe', '/link']) {
      const verdict = await startIn([path], { files: { '/link': { linkTarget: '/proc/self/exe' } } });
      assert.deepEqual([verdict.starts, verdict.cause, verdict.undecided.length], ['unknown', null, 1]);
    }
  });

  it('makes a new /etc where the image has a link or a file', async () => {
    const tree = literalTree({
      '/app': staticProgram(),
      '/etc': { linkTarget: 'usr/etc' },
      '/usr/etc/passwd': 'web:x:33:33\n',
    });
    const config = { entrypoint: ['/app'], env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };
    const platform = { os: 'linux', architecture: 'amd64' };
    assert.equal((await startOf(tree, config, { platform })).starts, 'yes');
    assert.equal((await startOf(tree, { ...config, user: 'web' }, { platform })).cause, 'user-not-found');
  });

  it('lets everybody search the root, whatever its mode is in the image', async () => {
    const verdict = await startIn(['/app'], {
      files: { '/': { kind: 'directory', mode: 0o700 } },
      config: { user: 'web' },
    });
    assert.equal(verdict.cause, null);
  });
});
