import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import {
  executable,
  glibcFiles,
  glibcProgram,
  makeScene,
  muslFiles,
  muslProgram,
  type SceneParts,
  staticProgram,
} from '../../../tests/make/scene.ts';
import { messageOf } from './message.ts';

async function message(parts: SceneParts): Promise<string | undefined> {
  const { verdict, config } = await makeScene(parts);
  return messageOf(verdict, config);
}

const app = { '/app': staticProgram() };
const glibc = (parts = {}) => ({ ...glibcFiles(), '/app': glibcProgram(parts) });
const musl = (parts = {}) => ({ ...muslFiles, '/app': muslProgram(parts) });

describe('what is printed', () => {
  it('is nothing where the program starts', async () => {
    assert.equal(await message({ files: app }), undefined);
  });

  it('comes from the engine before there is a command', async () => {
    const of = (config: SceneParts['config']) => message({ files: app, ...(config && { config }) });
    assert.equal(await of({ entrypoint: [] }), 'no command specified');
    assert.equal(await of({ user: 'app' }), 'unable to find user app: no matching entries in passwd file');
    assert.equal(
      await of({ workingDir: 'srv' }),
      "the working directory 'srv' is invalid, it needs to be an absolute path",
    );
    assert.equal(await of({ workingDir: '/app' }), 'Cannot mkdir: /app is not a directory');
  });

  it('comes from the runtime, with the command in quotes, when it looks for that', async () => {
    const of = (entrypoint: string[], files: SceneParts['files'] = app, user = '0') =>
      message({ files, config: { entrypoint, user } });
    assert.equal(await of(['/x']), 'exec: "/x": stat /x: no such file or directory');
    assert.equal(await of(['/app/x']), 'exec: "/app/x": stat /app/x: not a directory');
    assert.equal(await of(['x']), 'exec: "x": executable file not found in $PATH');
    assert.equal(await of(['/a'], { '/a': 'x' }), 'exec: "/a": permission denied');
    assert.equal(await of(['a'], { '/bin/a': 'x' }), 'exec: "a": executable file not found in $PATH');
    const hidden = { '/d/': { mode: 0o700 }, '/d/app': staticProgram(), '/app': { ...staticProgram(), mode: 0o700 } };
    assert.equal(await of(['/d/app'], hidden, '1000'), 'exec: "/d/app": stat /d/app: permission denied');
    assert.equal(await of(['/app'], hidden, '1000'), 'exec /app: permission denied');
    assert.equal(await of(['/bin/sh', '-c', 'x']), 'exec: "/bin/sh": stat /bin/sh: no such file or directory');
  });

  it('comes from the kernel, without quotes, and names the command whatever is missing', async () => {
    const of = (content: string | Uint8Array) => message({ files: { '/app': executable(content) } });
    assert.equal(await of(elf({ interpreter: '/ld.so' })), 'exec /app: no such file or directory');
    assert.equal(await of('#!/bin/sh\n'), 'exec /app: no such file or directory');
    assert.equal(await of(''), 'exec /app: exec format error');
    assert.equal(await of(elf({ architecture: 'arm64' })), 'exec /app: exec format error');
    const inPath = { '/bin/app': executable(elf({ architecture: 'arm64' })) };
    assert.equal(await message({ files: inPath, config: { entrypoint: ['app'] } }), 'exec /bin/app: exec format error');
  });

  it('is not the text of the kernel where a shell has run before', async () => {
    const files = { '/bin/sh': staticProgram(), '/app': executable(elf({ architecture: 'arm64' })) };
    const config = { entrypoint: ['/bin/sh', '-c', 'exec /app'] };
    const { verdict } = await makeScene({ files, config });
    assert.notEqual(verdict.starts, 'yes');
    assert.equal(await message({ files, config }), undefined);
  });

  it('comes from the loader, each in its own words', async () => {
    const missing = { needs: ['libc.so.6', 'liba.so'] };
    assert.equal(
      await message({ files: glibc(missing) }),
      '/app: error while loading shared libraries: liba.so: cannot open shared object file: No such file or directory',
    );
    assert.equal(
      await message({ files: musl({ needs: ['liba.so'] }) }),
      'Error loading shared library liba.so: No such file or directory (needed by /app)',
    );
    const versionsNeeded = [{ file: 'libc.so.6', versions: ['GLIBC_2.99'] }];
    assert.equal(
      await message({ files: glibc({ versionsNeeded }) }),
      "/app: /usr/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /app)",
    );
    assert.equal(
      await message({ files: { '/bin/x': glibcProgram(missing), ...glibcFiles() }, config: { entrypoint: ['x'] } }),
      'x: error while loading shared libraries: liba.so: cannot open shared object file: No such file or directory',
    );
    const other = {
      ...glibc(missing),
      '/usr/lib/x86_64-linux-gnu/liba.so': elf({ architecture: '386', soname: 'liba.so' }),
    };
    assert.equal(
      await message({ files: other }),
      '/app: error while loading shared libraries: liba.so: wrong ELF class: ELFCLASS32',
    );
  });
});
