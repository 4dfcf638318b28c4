import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dlopenNote } from '../../../../../tests/make/elf-notes.ts';
import { pythonLibrary } from '../../../../../tests/make/runtimes.ts';
import { glibcFiles, glibcProgram, makeScene, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { isFault } from '../../../../kit/index.ts';
import { programRules } from './index.ts';

const module = '/usr/lib/python3/dist-packages/foo/_foo.cpython-311-x86_64-linux-gnu.so';
const notes = [dlopenNote([{ soname: ['libz.so.1'], priority: 'required' }])];
const sound: Readonly<Record<string, Uint8Array>> = {
  '/usr/bin/python3.11': contentOf(glibcProgram({ imports: ['dlopen', 'pthread_exit'], notes })),
  '/app': Buffer.from('#!/usr/bin/python3.11\nimport ssl, foo\nfrom bar import baz\n'),
  '/bar.py': Buffer.from('import ctypes\nctypes.CDLL("libx.so.1")\n'),
  '/pyvenv.cfg': Buffer.from('home = /usr/bin\nversion = 3.11.2\n'),
  [module]: sharedLibrary('_foo.so', { needs: ['libbar.so.1'], tlsBytes: 9000, dynamicFlags: 0x10 }),
  '/usr/bin/node': contentOf(glibcProgram()),
  '/srv/app.js': Buffer.from('#!/usr/bin/node\nrequire("./own"); require("bcrypt");\n'),
  '/srv/package.json': Buffer.from('{"dependencies":{"bcrypt":"1"},"optionalDependencies":{}}'),
  '/srv/node_modules/bcrypt/package.json': Buffer.from('{"dependencies":{"bcrypt":"1"}}'),
  '/srv/node_modules/bcrypt/lib/x.node': sharedLibrary('x.node', { needs: ['libc.musl-x86_64.so.1'] }),
};
const names = Object.keys(sound);

function contentOf({ content }: ReturnType<typeof glibcProgram>): Uint8Array {
  return content instanceof Uint8Array ? content : assert.fail('it is made of bytes');
}

const changes = fc.array(fc.record({ file: fc.constantFrom(...names), at: fc.nat(20_000), value: fc.nat(255) }), {
  minLength: 1,
  maxLength: 8,
});

describe('damaged files', () => {
  it('bring the rules about programs to no other end than findings or a Fault', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.constantFrom('/app', '/srv/app.js'), async (damage, command) => {
        const files = Object.fromEntries(names.map((name) => [name, Buffer.from(sound[name] ?? [])]));
        for (const { file, at, value } of damage) {
          const bytes = files[file];
          if (bytes !== undefined) bytes[at % bytes.length] = value;
        }
        const nodes = Object.entries(files).map(([name, content]) => [name, { content, mode: 0o755 }] as const);
        const made = { ...glibcFiles(), ...pythonLibrary('3.11'), ...Object.fromEntries(nodes) };
        const config = { entrypoint: [command], env: ['PATH=/bin:/usr/bin', 'LD_PRELOAD=/usr/bin/node'] };
        const scene = await unlessFault(() => makeScene({ files: made, config }));
        if (scene === undefined) return;
        for (const rule of programRules) await unlessFault(() => rule.judge(scene));
      }),
      { numRuns: 150 },
    );
  });
});

async function unlessFault<T>(ask: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!isFault(error)) throw error;
    return undefined;
  }
}
