import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { executable, judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { shellSwallowsSignals } from './shell-swallows-signals.ts';

const shells = ['dash', 'bash', 'busybox'] as const;
const filesWith = (shell: string) => ({
  '/bin/sh': { linkTarget: shell },
  [`/bin/${shell}`]: staticProgram(),
  '/app': staticProgram(),
});

/** The shells that stay in the process for this text, as they were seen to. */
async function staying(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const shell of shells) {
    const judged = await judgedBy(shellSwallowsSignals, {
      files: filesWith(shell),
      config: { entrypoint: ['/bin/sh', '-c', text] },
    });
    if (judged.length > 0) found.push(shell);
  }
  return found;
}

describe('shell-swallows-signals', () => {
  it('knows which shells hand their process to which last command', async () => {
    assert.deepEqual(await staying('/app --flag'), ['dash']);
    assert.deepEqual(await staying('A=1 /app'), ['dash']);
    assert.deepEqual(await staying('true && /app'), ['dash']);
    assert.deepEqual(await staying('cd /; /app;'), ['dash']);
    assert.deepEqual(await staying('/app > /dev/null'), ['dash', 'bash']);
    assert.deepEqual(await staying('(/app)'), ['dash', 'bash']);
    assert.deepEqual(await staying('if true; then /app; fi'), ['dash', 'bash']);
    assert.deepEqual(await staying('/app | /app'), ['dash', 'bash', 'busybox']);
    assert.deepEqual(await staying('/app || true'), ['dash', 'bash', 'busybox']);
  });

  it('is silent where the command is begun with exec, or signals are trapped', async () => {
    assert.deepEqual(await staying('cd / && exec /app'), []);
    assert.deepEqual(await staying('trap "kill 0" TERM; /app'), []);
    assert.deepEqual(await staying('echo hello'), []);
  });

  it('looks into a script that is the entrypoint', async () => {
    const judge = async (text: string) =>
      judgedBy(shellSwallowsSignals, {
        files: { ...filesWith('bash'), '/run.sh': executable(text) },
        config: { entrypoint: ['/run.sh'] },
      });
    assert.equal((await judge('#!/bin/sh\n/app\n')).length, 1);
    assert.deepEqual(await judge('#!/bin/sh\nexec /app\n'), []);
  });

  it('is worse where a port is exposed', async () => {
    const config = { entrypoint: ['/bin/sh', '-c', '/app'], exposedPorts: ['80/tcp'] };
    assert.equal((await judgedBy(shellSwallowsSignals, { files: filesWith('dash'), config }))[0]?.severity, 'degrades');
  });

  it('says nothing of the exec form', async () => {
    assert.deepEqual(await judgedBy(shellSwallowsSignals, { files: filesWith('dash') }), []);
  });
});
