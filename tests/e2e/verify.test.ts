import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { PackSummary } from '../../src/jobs/pack/index.ts';
import { makeRoot, removeTree, whyNoContainers } from '../make/container.ts';
import { osless, temporaryFolder } from './cli.ts';

describe('pack --verify', { skip: whyNoContainers('runc') }, () => {
  it('runs the program in both trees, and keeps an image only when they agree', (context) => {
    const cwd = temporaryFolder(context);
    const root = makeRoot();
    context.after(() => removeTree(root));
    mkdirSync(join(root, 'srv'));
    writeFileSync(join(root, 'srv/data'), 'data of the program\n');
    writeFileSync(join(root, 'bin/show'), '#!/bin/sh\ncat /srv/data "$@"\n');
    chmodSync(join(root, 'bin/show'), 0o755);
    const verify = (...args: string[]) =>
      osless(['--store', 'store', 'pack', '--from', `rootfs:${root}`, '/bin/show', '--verify', '--json', ...args], {
        cwd,
      });

    const good = verify('--include', '/srv');
    assert.equal(good.code, 0, good.stderr);
    const { ran } = (JSON.parse(good.stdout) as PackSummary).verified;
    assert.deepEqual([ran?.same, ran?.packed.stdout], [true, 'data of the program\n']);

    const bad = verify('--exclude', '/srv/**', '-t', 'bad');
    assert.equal(bad.code, 1);
    const summary = JSON.parse(bad.stdout) as PackSummary;
    assert.deepEqual([summary.image.digest, summary.verified.ran?.same], [null, false]);
    assert.match(summary.verified.ran?.packed.stderr ?? '', /No such file/);
    assert.match(osless(['--store', 'store', 'images'], { cwd }).stdout, /^REPOSITORY.*\nshow +latest .*\n$/);

    assert.equal(verify('--exclude', '/srv/**', '-t', 'bad', '--force').code, 1);
    assert.match(osless(['--store', 'store', 'images'], { cwd }).stdout, /^bad +latest/m);
  });
});
