import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRoot, removeTree, shellContainer, whyNoContainers } from '../../tests/make/container.ts';
import { type Captured, type CaptureOptions, capture } from './capture.ts';
import type { Container } from './container.ts';

for (const runtime of ['runc', 'crun', 'namespaces']) {
  describe(`a program in a container of ${runtime}`, { skip: whyNoContainers(runtime) }, () => {
    let root = '';
    let work = '';
    before(() => {
      root = makeRoot();
      work = mkdtempSync(join(tmpdir(), 'osless-sandbox-'));
    });
    after(() => [root, work].forEach(removeTree));

    const runIt = (container: Container, change: Partial<CaptureOptions> = {}): Promise<Captured> =>
      capture(
        { rootDirectory: root, container },
        {
          runsDir: join(work, 'runs'),
          path: process.env['PATH'] ?? '',
          runtime,
          timeoutMs: 20_000,
          limitBytes: 1e6,
          ...change,
        },
      );
    const outputOf = async (command: string, change: Partial<Container> = {}): Promise<string> => {
      const { exitCode, stdout, stderr } = await runIt(shellContainer(command, change));
      assert.deepEqual([exitCode, stderr.toString()], [0, ''], command);
      return stdout.toString().trim();
    };

    it('gives its exit code, output and errors', async () => {
      for (const code of [0, 1, 7, 125, 127, 200, 255]) {
        const { exitCode, stdout, stderr, failure } = await runIt(
          shellContainer(`echo out; echo err >&2; exit ${code}`),
        );
        assert.deepEqual([exitCode, `${stdout}`, `${stderr}`, failure], [code, 'out\n', 'err\n', undefined]);
      }
    });

    it('ends with 128 + signal when a signal ends it', async () => {
      const script = 'sh -c "kill -9 \\$\\$"; exit $?';
      assert.equal((await runIt(shellContainer(script))).exitCode, 137);
    });

    it('reads what it is given', async () => {
      const input = Buffer.alloc(300_000, 'x');
      const { stdout } = await runIt(shellContainer('wc -c'), { input });
      assert.equal(Number(stdout.toString()), 300_000);
    });

    it('is not started when it is missing or no program, and says so with the codes of docker', async () => {
      const missing = await runIt(shellContainer('', { args: ['/nope'] }));
      assert.equal(missing.exitCode, 127);
      const plain = await runIt(shellContainer('', { args: ['/plain'] }));
      assert.equal(plain.exitCode, 126);
    });

    it('sees its own processes, host name, loopback, and the files that every program wants', async () => {
      assert.equal(await outputOf('echo $$; hostname; cat /etc/hostname'), '1\nbox\nbox');
      assert.match(await outputOf('ifconfig lo'), /127\.0\.0\.1/);
      assert.match(await outputOf('cat /etc/hosts'), /127\.0\.0\.1\s+localhost/);
      assert.equal(await outputOf('cat /etc/resolv.conf >/dev/null; echo $?'), '0');
      assert.equal(
        await outputOf('test -c /dev/null && test -d /dev/shm && test -e /proc/self/fd/0 && echo yes'),
        'yes',
      );
      assert.equal(await outputOf('cat /proc/net/dev | grep -c :'), '1');
    });

    it('has the capabilities that docker gives, also as another user none of them', async () => {
      assert.equal(await outputOf('grep CapEff /proc/self/status'), 'CapEff:\t00000000a80425fb');
      const user = { uid: 1000, gid: 1000, additionalGids: [1001] };
      const status = await outputOf('grep -E "Cap(Eff|Bnd)|Uid|Groups" /proc/self/status', { user });
      assert.match(status, /CapEff:\t0000000000000000/);
      assert.match(status, /CapBnd:\t00000000a80425fb/);
      assert.match(status, /Uid:\t1000/);
      assert.match(status, /Groups:\t1000 1001/);
    });

    it('gains no privileges when that is asked', async () => {
      assert.match(await outputOf('grep NoNewPrivs /proc/self/status', { noNewPrivileges: true }), /1$/);
      assert.match(await outputOf('grep NoNewPrivs /proc/self/status'), /0$/);
    });

    it('has the environment, HOME and working directory that it was given', async () => {
      assert.equal(
        await outputOf('echo "$A $HOME $PWD"', { env: ['PATH=/bin', "A=it's 1"], cwd: '/made/here' }),
        "it's 1 /root /made/here",
      );
    });

    it('writes to a layer that is thrown away', async () => {
      assert.equal(await outputOf('echo x >/new; cat /new; echo y >/plain; cat /plain'), 'x\ny');
      assert.ok(!existsSync(join(root, 'new')));
      assert.equal(readFileSync(join(root, 'plain'), 'utf8'), 'no program');
      assert.deepEqual(readdirSync(join(root, 'etc')).sort(), ['group', 'passwd']);
    });

    it('cannot write to a read-only root, only to a tmpfs', async () => {
      const tmpfs = [{ target: '/t', options: ['size=1m'] }];
      const script = 'echo x >/t/x && cat /t/x; { echo y >/y; } 2>/dev/null || echo refused';
      assert.equal(await outputOf(script, { readOnlyRoot: true, tmpfs }), 'x\nrefused');
    });

    it('sees directories and files of the host, and writes to those that are not read-only', async () => {
      mkdirSync(join(work, 'shared'), { recursive: true });
      writeFileSync(join(work, 'shared/in'), 'host');
      const bind = (source: string, target: string, readOnly: boolean) => ({
        ...{ source: join(work, source), target, readOnly },
        propagation: 'rprivate' as const,
      });
      const binds = [bind('shared', '/rw', false), bind('shared', '/ro', true), bind('shared/in', '/etc/one', true)];
      const script = 'cat /ro/in /etc/one; echo out >/rw/out; { echo x >/ro/x; } 2>/dev/null || echo refused';
      assert.equal(await outputOf(script, { binds }), 'hosthostrefused');
      assert.equal(readFileSync(join(work, 'shared/out'), 'utf8'), 'out\n');
    });

    it('cannot look at or change what tells of the host', async () => {
      assert.equal(await outputOf('cat /proc/keys /proc/timer_list; ls /sys/firmware | wc -l'), '0');
      assert.equal(await outputOf('{ echo x >/proc/sys/kernel/hostname; } 2>/dev/null || echo refused'), 'refused');
    });

    it('is killed when it takes too long or says too much', async () => {
      const late = await runIt(shellContainer('echo begun; sleep 60'), { timeoutMs: 700 });
      assert.deepEqual([late.exitCode, late.stopped, `${late.stdout}`], [137, 'timeout', 'begun\n']);
      const loud = await runIt(shellContainer('yes'), { limitBytes: 5000 });
      assert.deepEqual([loud.stopped, loud.stdout.byteLength], ['output', 5000]);
    });

    it('is killed also while it is set up, and leaves nothing', async () => {
      for (const timeoutMs of [1, 10, 20, 30, 40, 60, 80]) {
        const container = shellContainer('sleep 60');
        const { stopped } = await runIt(container, { timeoutMs });
        assert.equal(stopped, 'timeout');
        assert.deepEqual(readdirSync(join(work, 'runs')), []);
        assert.deepEqual(cgroupsOf(container.id), []);
      }
    });

    it('leaves no file, mount or cgroup behind', async () => {
      const container = shellContainer('mkdir -p /a/b; touch "/a/$(printf "\\377")"; true');
      await runIt(container);
      assert.deepEqual(readdirSync(join(work, 'runs')), []);
      // Other mounts come and go with whatever else runs on the machine.
      assert.ok(!readFileSync('/proc/self/mounts', 'utf8').includes(` ${work}`));
      assert.deepEqual(cgroupsOf(container.id), []);
    });
  });
}

const cgroupsOf = (id: string): string[] =>
  ['', 'memory/', 'pids/', 'cpu/', 'devices/', 'freezer/', 'systemd/']
    .map((controller) => `/sys/fs/cgroup/${controller}osless-${id}`)
    .filter((path) => existsSync(path));
