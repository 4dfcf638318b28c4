import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { askLibrary } from './measure/explain/ask-library.ts';
import { setCacheDir, workDir } from './measure/explain/cache.ts';
import { allCases } from './measure/explain/cases/index.ts';
import { compare } from './measure/explain/compare.ts';
import { tryCase } from './measure/explain/trial.ts';

/** Cases of the corpus that need no more than a compiler, musl and busybox. */
const chosen = [
  'good/static',
  'good/static-pie',
  'good/musl',
  'good/musl-shell',
  'good/busybox-shell',
  'good/links/forty',
  'good/path/skips',
  'good/user/group-zero',
  'good/user/supplementary',
  'good/workdir/missing',
  'good/arch/config-says-arm64',
  'create/no-command/empty-word',
  'create/os/windows',
  'create/user/root-on-scratch',
  'create/group/unknown',
  'create/range/user',
  'create/workdir/relative',
  'create/workdir/file',
  'create/mount/hosts',
  'lookup/missing/scratch',
  'lookup/path/dot',
  'lookup/dangling/chain',
  'lookup/loop/forty-one',
  'lookup/not-regular/fifo',
  'lookup/not-executable/root',
  'lookup/permission/group-denied',
  'lookup/permission/directory',
  'lookup/shell/scratch',
  'script/no-shebang/text',
  'script/empty/scratch',
  'script/interpreter/bash-on-busybox',
  'script/crlf/busybox',
  'script/loop/six',
  'script/invalid/long',
  'script/args/busybox-env-s',
  'script/unreadable/busybox',
  'script/good/five',
  'elf/corrupt/half',
  'elf/not-a-program/object',
  'loader/missing/glibc-on-scratch',
  'loader/elsewhere/musl',
  'loader/mismatch/glibc-on-musl',
  'loader/mode/musl',
  'loader/invalid/text',
  'library/missing/musl',
  'library/symbol/musl',
  'shell/missing/plain-busybox',
  'shell/denied/busybox',
  'shell/good/pipe',
  'late/command/script-busybox',
  'late/nss/passwd-c',
];

describe('explain says what a run of the image shows', { skip: reasonAgainst() ?? false }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osless-explain-'));
  setCacheDir(folder);
  mkdirSync(workDir());
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [index, name] of chosen.entries()) {
    it(name, async () => {
      const made = allCases.find((each) => each.name === name);
      assert.ok(made !== undefined, 'there is such a case');
      const trial = await tryCase({ ...made, base: small(made.base) }, `t${index}`, askLibrary);
      const { start, falseAlarms } = compare(trial);
      assert.equal(trial.broken, undefined, trial.truth.shown);
      assert.deepEqual(
        { start, cause: trial.answer.cause, falseAlarms },
        { start: 'right', cause: made.expect, falseAlarms: [] },
      );
    });
  }
});

/** Debian's own tree is not made for a test. */
const small = (base: string): string => (base.startsWith('deb') ? 'busybox' : base);

function reasonAgainst(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount and run these images';
  if (process.arch !== 'x64') return 'the corpus is for amd64';
  const missing = ['runc', 'gcc', 'musl-gcc'].find((name) => spawnSync(name, ['--version']).error !== undefined);
  if (missing !== undefined) return `${missing} is not installed`;
  if (!existsSync('/bin/busybox')) return 'busybox-static is not installed';
  return overlayProblem();
}

function overlayProblem(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'osless-overlay-'));
  const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) => join(folder, name));
  for (const dir of [lower, upper, work, merged]) mkdirSync(dir ?? '');
  try {
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    const mounted = spawnSync('mount', ['-t', 'overlay', '-o', options, 'overlay', merged ?? ''], { encoding: 'utf8' });
    if (mounted.status !== 0) return `overlays cannot be mounted in ${tmpdir()}: ${mounted.stderr.trim()}`;
    spawnSync('umount', [merged ?? '']);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
