import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type ElfParts, elf } from './elf.ts';
import { buildIdNote, isaNote } from './elf-notes.ts';

const folder = mkdtempSync(join(tmpdir(), 'osless-elf-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, parts: ElfParts): string {
  const path = join(folder, name);
  writeFileSync(path, elf(parts), { mode: 0o755 });
  return path;
}

const loader = '/lib64/ld-linux-x86-64.so.2';
const runsHere = process.platform === 'linux' && process.arch === 'x64';
const whyNoKernel = runsHere ? false : 'made programs are for Linux on x86-64';
const whyNoLoader = whyNoKernel || (existsSync(loader) ? false : 'glibc is not installed');
const whyNoReadelf = spawnSync('readelf', ['--version']).error === undefined ? false : 'readelf is not installed';

const dynamic: ElfParts = {
  interpreter: loader,
  needs: ['libmade.so.1', 'libc.so.6'],
  runpath: '$ORIGIN',
  versionsNeeded: [
    { file: 'libmade.so.1', versions: ['MADE_1'] },
    { file: 'libc.so.6', versions: ['GLIBC_2.2.5'] },
  ],
  symbols: [
    { name: 'made', defined: false, version: 'MADE_1' },
    { name: 'printf', defined: false, version: 'GLIBC_2.2.5' },
  ],
  prints: 'dynamic\n',
  exits: 4,
};
const library: ElfParts = {
  soname: 'libmade.so.1',
  versionsDefined: ['MADE_1'],
  symbols: [{ name: 'made', version: 'MADE_1' }],
};

describe('a made ELF file', () => {
  it('is a program that the kernel runs', { skip: whyNoKernel }, () => {
    const programs: ElfParts[] = [{}, { sectionHeaders: false }, { type: 'shared', dynamicFlags1: 0x08000000 }];
    for (const [index, parts] of programs.entries()) {
      const ended = spawnSync(write(`hello${index}`, { ...parts, prints: 'hello\n', exits: 3 }), { encoding: 'utf8' });
      assert.deepEqual([ended.stdout, ended.status], ['hello\n', 3]);
    }
  });

  it('is a program that ld.so loads with its library', { skip: whyNoLoader }, () => {
    write('libmade.so.1', library);
    const ended = spawnSync(write('dynamic', dynamic), { encoding: 'utf8' });
    assert.deepEqual([ended.stdout, ended.stderr, ended.status], ['dynamic\n', '', 4]);
    write('libmade.so.1', { ...library, versionsDefined: ['MADE_2'], symbols: [] });
    assert.match(spawnSync(join(folder, 'dynamic'), { encoding: 'utf8' }).stderr, /version `MADE_1' not found/);
  });

  it('is read by readelf without a complaint, of every layout', { skip: whyNoReadelf }, () => {
    for (const architecture of ['amd64', '386', 's390x', 'mips']) {
      for (const hash of ['sysv', 'gnu'] as const) {
        const notes = [buildIdNote('c0ffee'), isaNote(1)].slice(0, architecture === 'amd64' ? 2 : 1);
        const path = write(architecture, { ...library, architecture, hash, notes, needs: ['libc.so.6'] });
        const ended = spawnSync('readelf', ['--all', '--wide', path], { encoding: 'utf8' });
        assert.deepEqual([ended.status, ended.stderr], [0, '']);
        assert.match(ended.stdout, /Library soname: \[libmade.so.1\][\s\S]*made@@MADE_1/);
      }
    }
  });
});
