import { describe } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import { executable, staticProgram } from '../../../tests/make/scene.ts';
import { starts, stops } from '../../../tests/make/start.ts';

/** A file of the size of a real one, in a place that does not tell what it is. */
const disguised = executable(
  Buffer.concat([
    elf({ strings: ['ash', 'cat', 'echo', 'env', 'ls', 'sh', 'true', 'BusyBox v1.36.1 (2023-11-07)'] }),
    Buffer.alloc(300 * 1024),
  ]),
);

describe('startOf, with BusyBox under another name,', () => {
  const files = { '/usr/bin/env': disguised, '/usr/bin/dash': disguised, '/busy': disguised };
  stops('program-missing', ['/busy'], { files, missing: ['busy'] });
  stops('shebang-args', ['/script'], { files: { ...files, '/script': executable('#!/usr/bin/env -S sh -e\n') } });
  stops('shell-command-missing', ['sh', '-c', 'nope'], { files, missing: ['nope'] });
  starts(['env', 'A=1', '/app'], { files, last: '/app' });
  starts(['/usr/bin/dash', '-c', '/app'], { files, last: '/app' });
  starts(['/alone'], {
    files: { '/alone': executable(Buffer.concat([elf(), Buffer.alloc(300 * 1024)])), '/small': staticProgram() },
    last: '/alone',
  });
});
