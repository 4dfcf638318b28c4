import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { LddSummary } from '../../src/jobs/ldd/index.ts';
import { elf } from '../make/elf.ts';
import { machoFile } from '../make/macho.ts';
import { peFile } from '../make/pe.ts';
import { osless, temporaryFolder } from './cli.ts';
import { makeRoot } from './make.ts';

const loader = '/lib64/ld-linux-x86-64.so.2';
const program = elf({ interpreter: loader, needs: ['libz.so.1', 'libc.so.6'] });

/** A directory with the root file system `root`, whose programs miss no library; `root/usr/bin/broken` does. */
function makePlace(context: TestContext): string {
  const cwd = temporaryFolder(context);
  mkdirSync(join(cwd, 'root'));
  makeRoot(join(cwd, 'root'), {
    [loader]: elf({ soname: 'ld-linux-x86-64.so.2' }),
    '/usr/lib/x86_64-linux-gnu/libz.so.1': elf({ soname: 'libz.so.1' }),
    '/usr/lib/x86_64-linux-gnu/libc.so.6': elf({ soname: 'libc.so.6', needs: ['ld-linux-x86-64.so.2'] }),
    '/usr/bin/web': program,
    '/usr/bin/broken': elf({ interpreter: loader, needs: ['libgone.so', 'libc.so.6'] }),
    '/usr/bin/script': '#!/usr/bin/env web\n',
  });
  chmodSync(join(cwd, 'root', loader), 0o755);
  return cwd;
}

const list = '\tlibz.so.1 => /usr/lib/x86_64-linux-gnu/libz.so.1\n\tlibc.so.6 => /usr/lib/x86_64-linux-gnu/libc.so.6\n';

describe('ldd from outside', () => {
  it('prints the libraries of a file of a directory, found by its path or through PATH', (context) => {
    const cwd = makePlace(context);
    for (const name of ['/usr/bin/web', 'web']) {
      const { code, stdout, stderr } = osless(['ldd', 'rootfs:root', name], { cwd });
      assert.deepEqual([code, stdout, stderr], [0, `${list}\t${loader}\n`, '']);
    }
    assert.deepEqual(readdirSync(cwd), ['root']);
  });

  it('ends with 1 when something is missing', (context) => {
    const cwd = makePlace(context);
    const { code, stdout } = osless(['ldd', 'rootfs:root', 'broken', '--json'], { cwd });
    const summary = JSON.parse(stdout) as LddSummary;
    assert.deepEqual([code, summary.schema, summary.isComplete], [1, 'osless.ldd/1', false]);
    assert.equal(summary.elf?.libraries.find(({ path }) => path === null)?.name, 'libgone.so');
    assert.match(osless(['ldd', 'rootfs:root', 'broken'], { cwd }).stdout, /^\tlibgone\.so => not found$/m);
  });

  it("takes an image's own command where no path is given", (context) => {
    const cwd = makePlace(context);
    const packed = osless(['--store', 'store', 'pack', '--from', 'rootfs:root', 'web', '-q'], { cwd });
    assert.equal(packed.code, 0, packed.stderr);
    const { code, stdout } = osless(['--store', 'store', 'ldd', 'web'], { cwd });
    assert.deepEqual([code, stdout], [0, `${list}\t${loader}\n`]);
    const json = osless(['--store', 'store', 'ldd', 'web', '--json'], { cwd });
    assert.equal((JSON.parse(json.stdout) as LddSummary).platform, 'linux/amd64');
  });

  it('tells of a script the libraries of its interpreter', (context) => {
    const cwd = makePlace(context);
    const { code, stdout, stderr } = osless(['ldd', 'rootfs:root', 'script'], { cwd });
    assert.deepEqual([code, stdout], [0, `${list}\t${loader}\n`]);
    assert.equal(stderr, '/usr/bin/script is a script for web\n');
  });

  it('puts a program of this machine among the files of --in, with LD_LIBRARY_PATH of --env', (context) => {
    const cwd = makePlace(context);
    writeFileSync(join(cwd, 'app'), elf({ interpreter: loader, needs: ['libmine.so'] }));
    const ask = (...args: string[]) => osless(['ldd', './app', '--in', 'rootfs:root', ...args], { cwd });
    assert.deepEqual([ask().code, ask().stdout.split('\n')[0]], [1, '\tlibmine.so => not found']);
    mkdirSync(join(cwd, 'root/opt'));
    writeFileSync(join(cwd, 'root/opt/libmine.so'), elf({ soname: 'libmine.so' }));
    const { code, stdout } = ask('-e', 'LD_LIBRARY_PATH=/opt', '--verbose');
    assert.equal(code, 0);
    assert.match(stdout, /^\tlibmine\.so => \/opt\/libmine\.so\n\t\tLD_LIBRARY_PATH names the directory\n/);
  });

  it('lists what programs of macOS and Windows import', (context) => {
    const cwd = temporaryFolder(context);
    writeFileSync(join(cwd, 'app.exe'), peFile({ imports: ['KERNEL32.dll'] }));
    writeFileSync(join(cwd, 'mac'), machoFile({ libraries: [{ path: '/usr/lib/libSystem.B.dylib' }] }));
    assert.equal(osless(['ldd', './app.exe'], { cwd }).stdout, '\tKERNEL32.dll\n');
    assert.match(osless(['ldd', './mac'], { cwd }).stdout, /^\S+\/mac:\n\t\/usr\/lib\/libSystem\.B\.dylib \(compat/);
  });

  it('says in one sentence what cannot be asked', (context) => {
    const cwd = makePlace(context);
    const fault = (...args: string[]) => {
      const { code, stderr } = osless(['ldd', ...args], { cwd });
      assert.equal(code, 3, stderr);
      return stderr;
    };
    assert.match(fault('rootfs:root'), /names no command/);
    assert.match(fault('rootfs:root', '/gone'), /\/gone is not there/);
    assert.match(fault('rootfs:root', '/etc/passwd'), /neither a program nor a library/);
    assert.match(fault('rootfs:root', 'web', '--in', 'rootfs:root'), /--in is for a program/);
    assert.equal(osless(['ldd'], { cwd }).code, 2);
  });

  it('prints for programs of this machine what its ldd prints', (test) => {
    const programs = [process.execPath, '/bin/ls', '/bin/sh', '/usr/bin/env'];
    const real = (path: string) =>
      spawnSync('ldd', [path], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } });
    const banner = spawnSync('ldd', ['--version'], { encoding: 'utf8' });
    if (banner.error !== undefined || !/GNU|GLIBC/i.test(banner.stdout))
      return test.skip('this machine has no ldd of glibc');
    for (const path of programs) {
      const { stdout, status } = real(path);
      if (status !== 0) continue;
      const lines = stdout.replace(/ \(0x[0-9a-f]+\)/g, '').replace(/^\tlinux-vdso.*\n/m, '');
      assert.equal(osless(['ldd', path]).stdout, lines);
    }
  });
});
