import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import { recogniseProgram } from './index.ts';

const recognise = (text: string) => recogniseProgram(Buffer.from(text, 'latin1'));
const script = (text: string) => {
  const found = recognise(text);
  assert.equal(found.kind, 'script');
  return found.kind === 'script' ? [found.interpreter, found.argument] : [];
};

describe('recogniseProgram', () => {
  it('knows an ELF file', () => {
    assert.deepEqual(recogniseProgram(elf()), { kind: 'elf' });
  });

  it('tells a fat Mach-O from a Java class, which begin alike', () => {
    assert.equal(recognise('\xca\xfe\xba\xbe\0\0\0\x02').kind, 'macho');
    assert.equal(recognise('\xca\xfe\xba\xbe\0\0\0\x41').kind, 'java-class');
    assert.equal(recognise('\xcf\xfa\xed\xfe').kind, 'macho');
  });

  it('tells a jar from any other zip', () => {
    const zip = (name: string) => `PK\x03\x04${'\0'.repeat(26)}${name}`;
    assert.equal(recognise(zip('META-INF/MANIFEST.MF')).kind, 'jar');
    assert.equal(recognise(zip('readme')).kind, 'zip');
  });

  for (const [format, head] of [
    ['gzip', '\x1f\x8b\x08'],
    ['xz', '\xfd7zXZ\0'],
    ['zstd', '\x28\xb5\x2f\xfd'],
    ['bzip2', 'BZh9'],
    ['ar', '!<arch>\nfoo.o/'],
    ['deb', '!<arch>\ndebian-binary   '],
    ['rpm', '\xed\xab\xee\xdb'],
    ['tar', `name${'\0'.repeat(253)}ustar`],
  ] as const) {
    it(`knows an archive of the format ${format}`, () => {
      assert.deepEqual(recognise(head), { kind: 'archive', format });
    });
  }

  it('knows PE, WebAssembly and compiled Python', () => {
    assert.equal(recognise('MZ\x90\0').kind, 'pe');
    assert.equal(recognise('\0asm\x01\0\0\0').kind, 'wasm');
    assert.equal(recognise(`\xa7\x0d\r\n${'\0'.repeat(12)}`).kind, 'pyc');
  });

  it('says what keeps a text from being a script', () => {
    assert.deepEqual(recognise('echo hello\n'), { kind: 'text', blemish: undefined });
    assert.deepEqual(recognise('\xef\xbb\xbf#!/bin/sh\n'), { kind: 'text', blemish: 'byte-order-mark' });
    assert.deepEqual(recognise('\n#!/bin/sh\n'), { kind: 'text', blemish: 'blank-before-shebang' });
    assert.deepEqual(recognise('\xff\xfe#\0!\0/\0'), { kind: 'text', blemish: 'utf-16' });
    assert.deepEqual(recognise('#\0!\0/\0b\0'), { kind: 'text', blemish: 'utf-16' });
  });

  it('takes UTF-8 for text and control characters for data', () => {
    assert.equal(recognise('gr\xc3\xbc\xc3\x9fe\n').kind, 'text');
    assert.equal(recognise('\x01\x02\x03\0').kind, 'data');
  });

  it('knows an empty file', () => {
    assert.deepEqual(recognise(''), { kind: 'empty' });
  });
});

/** Each line was given to Linux 6.18 as a file to execute, with a program that prints its arguments behind it. */
describe('a shebang is cut as the kernel cuts it', () => {
  it('takes one argument, without the blanks around it', () => {
    assert.deepEqual(script('#!/bin/sh\n'), ['/bin/sh', undefined]);
    assert.deepEqual(script('#! \t/bin/sh  -e  -u \t\nrest'), ['/bin/sh', '-e  -u']);
  });

  it('needs no newline in a short file, and keeps trailing blanks then', () => {
    assert.deepEqual(script('#!/bin/sh'), ['/bin/sh', undefined]);
    assert.deepEqual(script('#!/bin/sh a b  '), ['/bin/sh', 'a b  ']);
    assert.deepEqual(script('#!/bin/sh '), ['/bin/sh', '']);
  });

  it('refuses a line without a name', () => {
    assert.deepEqual(script('#!\n'), [undefined, undefined]);
    assert.deepEqual(script('#!   \n#!/bin/sh\n'), [undefined, undefined]);
    assert.deepEqual(script(`#!${' '.repeat(300)}`), [undefined, undefined]);
  });

  it('asks for a file without a name when nothing follows, not even a newline', () => {
    assert.deepEqual(script('#!'), ['', undefined]);
    assert.deepEqual(script('#! '), ['', undefined]);
  });

  it('refuses a name that does not end within 256 bytes, and takes one that just does', () => {
    assert.deepEqual(script(`#!/${'a'.repeat(300)}\n`), [undefined, undefined]);
    const longest = `/${'a'.repeat(252)}`;
    assert.deepEqual(script(`#!${longest}\n`), [longest, undefined]);
    assert.deepEqual(script(`#!${longest}a\n`), [undefined, undefined]);
  });

  it('cuts a long argument off in silence', () => {
    assert.deepEqual(script(`#!/bin/sh ${'a'.repeat(300)}\n`), ['/bin/sh', 'a'.repeat(245)]);
  });

  it('keeps a carriage return where it stands, and says so', () => {
    assert.deepEqual(script('#!/bin/sh\r\n'), ['/bin/sh\r', undefined]);
    assert.deepEqual(script('#!/bin/sh -e\r\n'), ['/bin/sh', '-e\r']);
    const found = recognise('#!/bin/sh\r\n');
    assert.equal(found.kind === 'script' && found.hasCarriageReturn, true);
  });

  it('ends at a NUL', () => {
    assert.deepEqual(script('#!/bin/sh\0 x\n'), ['/bin/sh', undefined]);
    assert.deepEqual(script('#!/bin/sh a\0b\n'), ['/bin/sh', 'a']);
  });
});
