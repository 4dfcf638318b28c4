import type { Case } from '../case.ts';
import { put } from '../changes.ts';

const run = { Entrypoint: ['/run'] };
const script = (text: string, mode = 0o755) => put('/run', text, { mode });
const says = 'echo REACHED\n';

/** Scripts that are none, and what shebangs hand over. */
export const scriptFormCases: readonly Case[] = [
  { name: 'script/no-shebang/text', base: 'busybox', change: [script(says)], config: run, expect: 'no-shebang' },
  {
    name: 'script/no-shebang/blank-line',
    base: 'deb12',
    change: [script(`\n#!/bin/sh\n${says}`)],
    config: run,
    expect: 'no-shebang',
  },
  {
    name: 'script/no-shebang/bom',
    base: 'deb12',
    change: [script(`\ufeff#!/bin/sh\n${says}`)],
    config: run,
    expect: 'no-shebang',
  },
  {
    name: 'script/no-shebang/space',
    base: 'musl',
    change: [script(` #!/bin/sh\n${says}`)],
    config: run,
    expect: 'no-shebang',
  },
  {
    name: 'script/no-shebang/utf16',
    base: 'busybox',
    change: [put('/run', Buffer.from(`#!/bin/sh\n${says}`, 'utf16le'))],
    config: run,
    expect: 'no-shebang',
  },
  { name: 'script/empty/scratch', base: 'scratch', change: [script('')], config: run, expect: 'empty-file' },
  {
    name: 'script/empty/deb',
    base: 'deb12',
    change: [put('/usr/local/bin/serve', '')],
    config: { Cmd: ['serve'] },
    expect: 'empty-file',
  },
  {
    name: 'script/invalid/nothing',
    base: 'busybox',
    change: [script(`#!\n${says}`)],
    config: run,
    expect: 'shebang-invalid',
  },
  {
    name: 'script/invalid/spaces',
    base: 'busybox',
    change: [script(`#!   \t\n${says}`)],
    config: run,
    expect: 'shebang-invalid',
  },
  {
    name: 'script/invalid/long',
    base: 'busybox',
    change: [script(`#!/${'a'.repeat(260)}/sh\n${says}`)],
    config: run,
    expect: 'shebang-invalid',
  },
  {
    name: 'script/args/two',
    base: 'deb12',
    change: [script(`#!/bin/sh -e -u\n${says}`)],
    config: run,
    expect: 'shebang-args',
  },
  {
    name: 'script/args/env-two',
    base: 'deb12',
    change: [script(`#!/usr/bin/env python3 -u\nprint("REACHED")\n`)],
    config: run,
    expect: 'shebang-args',
  },
  {
    name: 'script/args/busybox-env-s',
    base: 'musl',
    change: [script(`#!/usr/bin/env -S sh -e\n${says}`)],
    config: run,
    expect: 'shebang-args',
  },
  {
    name: 'script/args/bash-option',
    base: 'deb12',
    change: [script(`#!/bin/bash --strict\n${says}`)],
    config: run,
    expect: 'shebang-args',
  },
  {
    name: 'script/unreadable/sh',
    base: 'deb12',
    change: [script(`#!/bin/sh\n${says}`, 0o711)],
    config: { ...run, User: 'nobody' },
    expect: 'script-unreadable',
  },
  {
    name: 'script/unreadable/busybox',
    base: 'busybox',
    change: [script(`#!/bin/sh\n${says}`, 0o111)],
    config: { ...run, User: '1000' },
    expect: 'script-unreadable',
  },
  {
    name: 'script/unreadable/python',
    base: 'python',
    change: [script('#!/usr/bin/python3\nprint("REACHED")\n', 0o711)],
    config: { ...run, User: '1000' },
    expect: 'script-unreadable',
  },
  {
    name: 'script/env/python',
    base: 'busybox',
    change: [script(`#!/usr/bin/env python3\nprint("REACHED")\n`)],
    config: run,
    expect: 'env-program-missing',
    missing: ['python3'],
  },
  {
    name: 'script/env/node',
    base: 'deb12',
    change: [script(`#!/usr/bin/env node\nconsole.log("REACHED")\n`)],
    config: run,
    expect: 'env-program-missing',
    missing: ['node'],
  },
  {
    name: 'script/env/path',
    base: 'deb12',
    change: [script(`#!/usr/bin/env python3\nprint("REACHED")\n`)],
    config: { ...run, Env: ['PATH=/opt/venv/bin'] },
    expect: 'env-program-missing',
    missing: ['python3'],
  },
  {
    name: 'script/env/s',
    base: 'deb12',
    change: [script(`#!/usr/bin/env -S ruby -w\nputs "REACHED"\n`)],
    config: run,
    expect: 'env-program-missing',
    missing: ['ruby'],
  },
  {
    name: 'script/env/missing-itself',
    base: 'distroless',
    change: [script(`#!/usr/bin/env python3\n`)],
    config: run,
    expect: 'interpreter-missing',
    missing: ['/usr/bin/env'],
  },
  { name: 'script/format/pe', base: 'scratch', change: [put('/run', pe())], config: run, expect: 'foreign-format' },
  {
    name: 'script/format/macho',
    base: 'scratch',
    change: [
      put(
        '/run',
        Buffer.concat([Buffer.from('cffaedfe0c00000100000000020000001000000000050000', 'hex'), Buffer.alloc(4000)]),
      ),
    ],
    config: run,
    expect: 'foreign-format',
  },
  {
    name: 'script/format/wasm',
    base: 'busybox',
    change: [put('/run', Buffer.from('0061736d01000000', 'hex'))],
    config: run,
    expect: 'foreign-format',
  },
  {
    name: 'script/format/jar',
    base: 'java',
    change: [put('/run', Buffer.concat([Buffer.from('PK\x03\x04\x14\0\x08\0', 'latin1'), Buffer.alloc(200)]))],
    config: run,
    expect: 'foreign-format',
  },
  {
    name: 'script/format/class',
    base: 'scratch',
    change: [put('/run', Buffer.from('cafebabe0000003d00', 'hex'))],
    config: run,
    expect: 'foreign-format',
  },
  {
    name: 'script/format/gzip',
    base: 'scratch',
    change: [put('/run', Buffer.from('1f8b0800000000000003', 'hex'))],
    config: run,
    expect: 'foreign-format',
  },
];

/** The start of a Windows program. */
function pe(): Buffer {
  const bytes = Buffer.alloc(1024);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE\0\0', 0x80, 'latin1');
  bytes.writeUInt16LE(0x8664, 0x84);
  return bytes;
}
