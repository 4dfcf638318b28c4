import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRoot, removeTree, shellContainer, whyNoContainers } from '../../tests/make/container.ts';
import { type Captured, capture } from './capture.ts';
import type { Container } from './container.ts';
import { hostFacts } from './host.ts';

const noCgroups = hostFacts().cgroups === 'none' ? 'cgroups cannot be made here' : false;

for (const runtime of ['runc', 'crun']) {
  describe(`the confinement by ${runtime}`, { skip: whyNoContainers(runtime) }, () => {
    let root = '';
    let work = '';
    before(() => {
      root = makeRoot();
      work = mkdtempSync(join(tmpdir(), 'osless-limits-'));
    });
    after(() => [root, work].forEach(removeTree));
    const runIt = (command: string, change: Partial<Container> = {}): Promise<Captured> =>
      capture(
        { rootDirectory: root, container: shellContainer(command, change) },
        { runsDir: join(work, 'runs'), path: process.env['PATH'] ?? '', runtime, timeoutMs: 20_000, limitBytes: 1e6 },
      );

    it('kills a program that takes more memory than it may', { skip: noCgroups }, async () => {
      const limits = { memoryBytes: 16 * 2 ** 20 };
      const fill = 'x=0123456789abcdef; while true; do x=$x$x; done';
      assert.equal((await runIt(fill, { limits })).exitCode, 137);
    });

    it('lets a program start no more processes than it may', { skip: noCgroups }, async () => {
      const script = 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait';
      assert.equal((await runIt(script, { limits: { pids: 30 } })).exitCode, 0);
      const few = await runIt(script, { limits: { pids: 4 } });
      assert.match(few.stderr.toString(), /can't fork/);
    });

    it('takes processor time from a program that wants more than it may have', { skip: noCgroups }, async () => {
      const script = 'cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>/dev/null';
      assert.match((await runIt(script, { limits: { cpus: 0.5 } })).stdout.toString(), /^50000/);
    });

    it('refuses system calls that docker refuses, and allows them when unconfined', async () => {
      const admin = { capabilities: ['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT'] };
      assert.match((await runIt('grep Seccomp: /proc/self/status')).stdout.toString(), /2$/m);
      assert.match(
        (await runIt('grep Seccomp: /proc/self/status', { seccomp: 'unconfined' })).stdout.toString(),
        /0$/m,
      );
      const mount = 'mount -t tmpfs tmpfs /home && echo mounted';
      assert.equal((await runIt(mount)).exitCode, 1);
      assert.equal((await runIt(mount, admin)).stdout.toString(), 'mounted\n');
    });

    it('sets limits of each process, never above our own hard ones', async () => {
      const rlimits = [{ type: 'RLIMIT_NOFILE', soft: 64, hard: 2 ** 53 - 1 }];
      assert.equal((await runIt('ulimit -n', { rlimits })).stdout.toString(), '64\n');
    });
  });
}
