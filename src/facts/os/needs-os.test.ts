import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  executable,
  glibcFiles,
  glibcProgram,
  makeScene,
  type SceneParts,
  staticProgram,
} from '../../../tests/make/scene.ts';
import { needsOsOf } from './index.ts';

const ask = async (parts: SceneParts) => needsOsOf(await makeScene(parts));

/** The same where the interpreter is taken to have all that it needs. */
async function askStarted(parts: SceneParts) {
  const scene = await makeScene(parts);
  return needsOsOf({ ...scene, verdict: { ...scene.verdict, starts: 'yes' } });
}

/** The answer with its only reason. */
async function says(parts: SceneParts): Promise<string> {
  const { answer, because } = await ask(parts);
  assert.equal(because.length, 1, because.join('\n'));
  return `${answer}: ${because[0]}`;
}

describe('needsOsOf', () => {
  it('says no of programs that start nothing, static or with libraries', async () => {
    assert.equal(
      await says({ files: { '/app': staticProgram() } }),
      'no: /app is static, and names no other program of the image that it would start',
    );
    const dynamic = { ...glibcFiles(), '/app': glibcProgram({ imports: ['puts', 'execve'], strings: ['/bin/gone'] }) };
    assert.equal(
      await says({ files: dynamic }),
      'no: /app needs its loader and one library, and names no other program of the image that it would start',
    );
  });

  it('says yes of a program behind a shell', async () => {
    const files = { ...glibcFiles(), '/bin/sh': glibcProgram(), '/app': staticProgram() };
    const config = { entrypoint: ['/bin/sh', '-c', 'exec /app'] };
    assert.equal((await ask({ files, config })).answer, 'yes');
    const script = { ...files, '/start.sh': executable('#!/bin/sh\nexec "$@"\n') };
    const byScript = await ask({ files: script, config: { entrypoint: ['/start.sh'], cmd: ['/app'] } });
    assert.equal(byScript.answer, 'yes');
    assert.match(byScript.because.join(), /\/start\.sh is a script that \/bin\/sh reads/);
  });

  it('says yes of a shell', async () => {
    const files = { '/bin/busybox': staticProgram(), '/bin/sh': { linkTarget: 'busybox' } };
    assert.equal(await says({ files, config: { entrypoint: ['sh'] } }), 'yes: the program is /bin/busybox, a shell');
  });

  it('says yes of a program that calls system or popen', async () => {
    const files = { ...glibcFiles(), '/app': glibcProgram({ imports: ['popen', 'system'] }) };
    assert.equal(await says({ files }), 'yes: /app calls system and popen, which start /bin/sh');
  });

  it('says yes of a program that can start others and names some that are there', async () => {
    const strings = ['run /usr/bin/tool now', '/bin/gone', '/bin/x/y', '/usr/bin/data'];
    const there = { ...glibcFiles(), '/usr/bin/tool': staticProgram(), '/usr/bin/data': 'x' };
    const app = (imports: string[]) => ({ ...there, '/app': glibcProgram({ imports, strings }) });
    assert.equal(await says({ files: app(['execvp']) }), 'yes: /app can start other programs and names /usr/bin/tool');
    assert.equal((await ask({ files: app(['puts']) })).answer, 'no');
    const inStatic = { ...there, '/app': staticProgram({ strings }) };
    assert.equal((await ask({ files: inStatic })).answer, 'yes');
    assert.equal((await ask({ files: inStatic, go: {} })).answer, 'no');
    const withoutShell = { '/app': staticProgram({ strings: ['-c', '/bin/sh'] }) };
    assert.equal(await says({ files: withoutShell }), 'yes: /app can start other programs and names /bin/sh');
    const goText = 'beforehand/usr/bin/toolbox.pngafter';
    const withExec = { ...there, '/app': staticProgram({ strings: [goText, 'exec: already started'] }) };
    assert.equal(await says({ files: withExec, go: {} }), 'yes: /app can start other programs and names /usr/bin/tool');
  });

  it('says yes where HEALTHCHECK needs a shell or an everyday command', async () => {
    const files = { '/app': staticProgram(), '/usr/bin/curl': staticProgram() };
    const withCheck = (...test: string[]) => says({ files, config: { healthcheck: { test } } });
    assert.equal(await withCheck('CMD-SHELL', '/app -t'), 'yes: HEALTHCHECK is of shell form and needs /bin/sh');
    assert.equal(await withCheck('CMD', 'curl', 'localhost'), 'yes: HEALTHCHECK calls curl');
    assert.match(await withCheck('CMD', '/app', '-t'), /^no/);
    assert.match(await withCheck('NONE'), /^no/);
  });

  for (const [interpreter, starter, harmless] of [
    ['python3', 'import subprocess', '# subprocess'],
    ['node', 'require("child_process")', '// child_process'],
    ['perl', 'my $x = `ls`;', '# `ls`'],
    ['ruby', 'system "ls"', 'puts "systems"'],
    ['php', '<?php shell_exec("ls");', '<?php echo 1;'],
  ] as const) {
    it(`looks into the script of ${interpreter}`, async () => {
      const command = `/usr/bin/${interpreter}`;
      const around = {
        [command]: staticProgram({ strings: ['/bin/sh'] }),
        '/bin/sh': staticProgram(),
        '/usr/lib/python3.11/encodings/__init__.py': '',
      };
      const withScript = (text: string) =>
        askStarted({
          files: { ...around, '/app': executable(`#!${command}\n${text}\n`) },
          config: { entrypoint: ['/app'] },
        });
      const found = await withScript(starter);
      assert.deepEqual([found.answer, found.because[0]?.startsWith('/app starts other programs')], ['yes', true]);
      assert.equal((await withScript(harmless)).answer, 'no');
      assert.equal(
        (
          await askStarted({
            files: { ...around, '/a/b': starter },
            config: { entrypoint: [command, 'b'], workingDir: '/a' },
          })
        ).answer,
        'yes',
      );
    });
  }

  it('does not know of what does not start, and of bytecode', async () => {
    assert.equal((await ask({ files: {} })).answer, 'unknown');
    const java = { '/usr/bin/java': staticProgram(), '/app.jar': 'PK' };
    const { answer } = await ask({ files: java, config: { entrypoint: ['/usr/bin/java', '-version'] } });
    assert.equal(answer, 'unknown');
  });
});
