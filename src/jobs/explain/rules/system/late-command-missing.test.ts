import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  executable,
  glibcFiles,
  glibcProgram,
  judgedBy,
  type SceneParts,
  staticProgram,
} from '../../../../../tests/make/scene.ts';
import { lateCommandMissing } from './late-command-missing.ts';

const judge = (parts: SceneParts) => judgedBy(lateCommandMissing, parts);
const missingOf = async (parts: SceneParts) => (await judge(parts)).flatMap(({ missing = [] }) => missing);
const made = (imports: string[], strings: string[] = []) => ({
  ...glibcFiles(),
  '/app': glibcProgram({ imports, strings }),
});
const shell = { '/bin/sh': executable('a shell') };
const many = Array.from({ length: 60 }, (_, at) => `function_${at}`);

describe('late-command-missing', () => {
  it('speaks of a small program that starts a shell which is not there', async () => {
    for (const caller of ['system', 'popen', 'wordexp']) {
      const [found, ...others] = await judge({ files: made([caller]) });
      assert.deepEqual(found?.missing, ['/bin/sh']);
      assert.equal(found?.severity, 'degrades');
      assert.equal(others.length, 0);
    }
    assert.deepEqual(await judge({ files: { ...made(['system']), ...shell } }), []);
  });

  it('only notes it of a large program', async () => {
    assert.equal((await judge({ files: made(['system', ...many]) }))[0]?.severity, 'notes');
  });

  it('knows programs that live on a shell', async () => {
    const files = { ...glibcFiles(), '/usr/sbin/cron': glibcProgram({ imports: ['popen', ...many] }) };
    assert.equal((await judge({ files, config: { entrypoint: ['cron'] } }))[0]?.severity, 'degrades');
  });

  it('speaks of commands that a small program names', async () => {
    assert.deepEqual(await missingOf({ files: made(['execv'], ['/usr/bin/git', 'a text']) }), ['/usr/bin/git']);
    assert.deepEqual(await missingOf({ files: made(['execlp'], ['curl']) }), ['curl']);
    assert.deepEqual(await missingOf({ files: made(['execlp'], ['-', 'git']) }), ['git']);
    assert.deepEqual(await missingOf({ files: { ...made(['system'], ['git --version']), ...shell } }), ['git']);
    const there = { ...made(['execlp'], ['curl']), '/usr/bin/curl': executable('curl') };
    assert.deepEqual(await judge({ files: there }), []);
  });

  it('takes no sentence for a command', async () => {
    assert.deepEqual(
      await judge({ files: made(['execlp'], ['date: invalid', 'find the answer!', 'install', 'node_modules']) }),
      [],
    );
  });

  it('does not look for commands in a program that starts none', async () => {
    assert.deepEqual(await judge({ files: made(['puts'], ['/usr/bin/git', 'curl']) }), []);
  });

  it('sees system in a small static program by what libc leaves there', async () => {
    const shown = async (strings: string[]) => missingOf({ files: { '/app': staticProgram({ strings }) } });
    assert.deepEqual(await shown(['/bin/sh']), ['/bin/sh']);
    assert.deepEqual(await shown(['/bin/sh', '/etc/ld.so.cache', 'exit 0']), ['/bin/sh']);
    assert.deepEqual(await shown(['/bin/sh', '/etc/ld.so.cache']), []);
  });

  it('reads what scripts of Python and Node start', async () => {
    const files = {
      ...glibcFiles(),
      '/usr/bin/python3': glibcProgram(),
      '/usr/bin/node': glibcProgram(),
      '/a.py': 'import subprocess\nsubprocess.run(["git", "status"])\nsubprocess.check_output("ls", shell=True)\n',
      '/a.js': "const { execFile } = require('child_process');\nexecFile('ffmpeg', ['-i', 'a']);\n",
      '/b.js': "/x/.exec('curl');\n",
    };
    assert.deepEqual(await missingOf({ files, config: { entrypoint: ['python3', '/a.py'] } }), ['git', '/bin/sh']);
    assert.deepEqual(await missingOf({ files, config: { entrypoint: ['node', '/a.js'] } }), ['ffmpeg']);
    assert.deepEqual(await judge({ files, config: { entrypoint: ['node', '/b.js'] } }), []);
    const lines = { ...files, '/c.py': 'import os\nos.system("git --version")\nos.popen("echo a | wc")\n', ...shell };
    assert.deepEqual(await missingOf({ files: lines, config: { entrypoint: ['python3', '/c.py'] } }), ['git']);
    const complete = { ...files, ...shell, '/usr/bin/git': executable('git'), '/bin/ls': executable('ls') };
    assert.deepEqual(await judge({ files: complete, config: { entrypoint: ['python3', '/a.py'] } }), []);
  });
});
