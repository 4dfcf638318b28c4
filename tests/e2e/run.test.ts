import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryStore } from '../../src/content/index.ts';
import { saveImage } from '../../src/image/index.ts';
import { busyboxLayer, makeRoot, whyNoContainers } from '../make/container.ts';
import { makeImage } from '../make/image.ts';
import { cliPath, osless, startOsless } from './cli.ts';

const noScript = spawnSync('script', ['--version']).error === undefined ? false : 'script(1) is not installed';

const executable = (content: string) => ({ mode: 0o755, content });

const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

function whyNoUserNamespace(): string | false {
  const line = [...asNobody, 'unshare', '--user', '--map-root-user', process.execPath, cliPath, '--version'];
  const { status, stderr } = spawnSync(line[0] ?? '', line.slice(1), { encoding: 'utf8' });
  return status === 0 ? false : `an ordinary user cannot make a user namespace here, or read the program: ${stderr}`;
}

describe('osless run', { skip: whyNoContainers('runc') }, () => {
  let work = '';
  let env: Record<string, string> = {};
  const image = () => `oci:${work}/image`;
  const run = (args: readonly string[], input = '') => osless(['run', ...args], { env, input, cwd: work });
  const outputOf = (...args: string[]) => {
    const { code, stdout, stderr } = run(args);
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
    return stdout.trim();
  };
  const runs = () => readdirSync(join(work, 'store/osless/runs'));

  before(async () => {
    work = mkdtempSync(join(tmpdir(), 'osless-run-'));
    env = { OSLESS_STORE: join(work, 'store') };
    const process = { entrypoint: ['/bin/sh', '-c'], cmd: ['echo default'], env: ['PATH=/bin', 'A=image'] };
    const refused = { '/script': executable('#!/bin/nosh\n'), '/text': executable('no program') };
    await saveImage(await makeImage([busyboxLayer(), refused], process), image(), { store: memoryStore() });
  });
  after(() => rmSync(work, { recursive: true, force: true }));

  it("runs the image's command, or arguments in its place, or another entrypoint", () => {
    assert.equal(outputOf(image()), 'default');
    assert.equal(outputOf(image(), 'echo other'), 'other');
    assert.equal(outputOf('--entrypoint', '/bin/echo', image(), '-n', 'words'), 'words');
  });

  it('runs a program of a directory, and never writes to it', () => {
    const root = makeRoot();
    assert.equal(outputOf(`rootfs:${root}`, '/bin/sh', '-c', 'echo x >/new; cat /new'), 'x');
    assert.ok(!existsSync(join(root, 'new')));
    assert.match(run([`rootfs:${root}`]).stderr, /^osless: no command specified/);
    rmSync(root, { recursive: true });
  });

  it('exits as the program does, and with 125, 126 and 127 when there is none', () => {
    assert.equal(run([image(), 'exit 42']).code, 42);
    const missing = run(['--entrypoint', '/nope', image()]);
    assert.equal(missing.code, 127);
    assert.match(missing.stderr, /^osless: exec: "\/nope": stat \/nope: no such file or directory\nGive the path/);
    const lost = run(['--entrypoint', 'nope', image()]);
    assert.equal(lost.code, 127);
    assert.match(lost.stderr, /^osless: exec: "nope": executable file not found in \$PATH\n/);
    assert.equal(run(['--entrypoint', '/etc/passwd', image()]).code, 126);
    assert.equal(run([join(work, 'absent.tar')]).code, 125);
    assert.equal(run(['-u', 'nobody', image()]).code, 125);
    assert.match(
      run(['-u', 'nobody', image()]).stderr,
      /unable to find user nobody: no matching entries in passwd file/,
    );
  });

  it('says why the kernel refuses a program, with the codes of a shell', () => {
    const script = run(['--entrypoint', '/script', image()]);
    assert.equal(script.code, 127);
    assert.match(script.stderr, /osless: \/bin\/nosh, which \/script names, is not in the image\nMake the image again/);
    const text = run(['--entrypoint', '/text', image()]);
    assert.equal(text.code, 126);
    assert.match(text.stderr, /osless: \/text is text and does not begin with #!\nMake the image again/);
    assert.deepEqual(run([image(), 'exit 1']), { code: 1, stdout: '', stderr: '' });
  });

  it('takes environment, user, working directory and host name from its flags', () => {
    writeFileSync(join(work, 'env'), '# comment\nB=file\nA=file\n');
    assert.equal(outputOf('--env-file', 'env', '-e', 'A=flag', image(), 'echo $A $B'), 'flag file');
    assert.equal(outputOf('-u', 'app', image(), 'id -u; id -g; id -G; echo $HOME'), '1000\n1000\n1000 1001\n/home/app');
    assert.equal(
      outputOf('-u', '77', '-w', '/new/dir', '-h', 'box', image(), 'id -u; id -g; pwd; hostname'),
      '77\n0\n/new/dir\nbox',
    );
  });

  it('mounts what -v and --tmpfs say', () => {
    writeFileSync(join(work, 'file'), 'of the host');
    assert.equal(outputOf('-v', './file:/f:ro', image(), 'cat /f'), 'of the host');
    assert.equal(
      outputOf('--read-only', '--tmpfs', '/t', image(), 'echo x >/t/x && cat /t/x; touch /y 2>/dev/null || echo ro'),
      'x\nro',
    );
  });

  it('shares the network of the host only when it is told to', () => {
    const interfaces = (network: string) => outputOf('--network', network, image(), 'cat /proc/net/dev | grep -c :');
    assert.equal(interfaces('none'), '1');
    assert.equal(interfaces('host'), String(readFileSync('/proc/net/dev', 'utf8').match(/:/g)?.length));
  });

  it('reads standard input with -i only', () => {
    assert.equal(run([image(), 'wc -c'], 'hello').stdout.trim(), '0');
    assert.equal(run(['-i', image(), 'wc -c'], 'hello').stdout.trim(), '5');
  });

  it('says as docker does when -t is given where no terminal is', () => {
    const { code, stderr } = run(['-it', image()]);
    assert.equal(code, 125);
    assert.match(stderr, /^osless: the input device is not a TTY\n/);
  });

  it('gives a terminal with -t, of our size', { skip: noScript }, async () => {
    // runc tells the size when the program already runs.
    const line = `stty rows 33 cols 101; ${process.execPath} ${cliPath} run -it ${image()} 'test -t 0 && sleep 0.5 && stty size; exit 9'`;
    const child = spawn('script', ['-qefc', line, '/dev/null'], { env: { PATH: process.env['PATH'] ?? '', ...env } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    assert.deepEqual(await once(child, 'close'), [9, null]);
    assert.match(text, /33 101/);
  });

  it('passes signals on, and ends as the program ends', async () => {
    for (const [signal, code] of [
      ['SIGTERM', 15],
      ['SIGINT', 2],
      ['SIGHUP', 1],
      ['SIGUSR1', 10],
    ] as const) {
      const name = signal.slice(3);
      const child = startOsless(
        ['run', image(), `trap 'exit ${code}' ${name}; echo up; while true; do sleep 0.1; done`],
        { env },
      );
      await once(child.stdout, 'data');
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [code, null], signal);
    }
    assert.deepEqual(runs(), []);
  });

  it('ends a program that does not care after the third Ctrl-C', async () => {
    const child = startOsless(['run', image(), "trap '' INT TERM; echo up; while true; do sleep 0.1; done"], { env });
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    for (let time = 0; time < 3; time++) {
      child.kill('SIGINT');
      await wait(150);
    }
    assert.deepEqual(await ended, [137, null]);
    assert.deepEqual(runs(), []);
  });

  it('cleans up after a run that was killed, program and all, with the next run', async () => {
    const marker = `${Math.random()}`.slice(2);
    const child = startOsless(['run', image(), `: ${marker}; echo up; while true; do sleep 0.1; done`], { env });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [left = ''] = runs();
    assert.ok(left !== '' && isRunning(marker));
    assert.equal(outputOf(image()), 'default');
    assert.deepEqual(runs(), []);
    await wait(200);
    assert.ok(!isRunning(marker));
    assert.ok(!existsSync(`/sys/fs/cgroup/pids/osless-${left.split('.')[0]}`));
  });

  it('leaves the files of runs alone that are still going', async () => {
    const child = startOsless(['run', image(), 'echo up; sleep 2; cat /etc/hostname >/dev/null && echo whole'], {
      env,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    await once(child.stdout, 'data');
    outputOf(image());
    await once(child, 'close');
    assert.equal(text, 'up\nwhole\n');
  });

  it('unpacks an image once, also when several runs begin together', async () => {
    const fresh = { OSLESS_STORE: join(work, 'fresh') };
    const children = [1, 2, 3].map(() => startOsless(['run', image()], { env: fresh }));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal(readdirSync(join(work, 'fresh/osless/roots')).length, 1);
  });

  it('lets rmi remove the files that it has unpacked, but not those in use', async () => {
    const store = { OSLESS_STORE: join(work, 'removed') };
    const roots = () => readdirSync(join(work, 'removed/osless/roots'));
    assert.equal(osless(['copy', image(), 'box'], { env: store }).code, 0);
    const child = startOsless(['run', 'box', 'echo up; sleep 1; cat /etc/passwd >/dev/null && echo whole'], {
      env: store,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    await once(child.stdout, 'data');
    assert.equal(osless(['rmi', 'box'], { env: store }).code, 0);
    await once(child, 'close');
    assert.deepEqual([text, roots().length], ['up\nwhole\n', 1]);
    assert.equal(osless(['copy', image(), 'box'], { env: store }).code, 0);
    assert.equal(osless(['rmi', 'box'], { env: store }).code, 0);
    assert.deepEqual(roots(), []);
  });

  it('runs for an ordinary user, who is root in there', { skip: whyNoUserNamespace() }, () => {
    chmodSync(work, 0o755);
    const store = join(work, 'nobody');
    mkdirSync(store);
    chownSync(store, 65534, 65534);
    const line = [...asNobody, process.execPath, cliPath, 'run', image(), 'id -u; touch /x && echo made; exit 4'];
    const ended = spawnSync(line[0] ?? '', line.slice(1), {
      ...{ encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', OSLESS_STORE: store }, timeout: 20_000 },
    });
    assert.deepEqual([ended.status, ended.stdout, ended.stderr], [4, '0\nmade\n', '']);
    assert.deepEqual(readdirSync(join(store, 'osless/runs')), []);
  });

  it('falls back to plain namespaces where no runtime is, and says what is weaker', () => {
    const path = pathWithout(work, ['runc', 'crun', 'youki']);
    const { code, stdout, stderr } = osless(['run', image(), 'echo $$; id -u; exit 3'], {
      env: { ...env, PATH: path },
    });
    assert.deepEqual([code, stdout], [3, '1\n0\n']);
    assert.match(stderr, /plain namespaces, without seccomp/);
    const nothing = osless(['run', image()], { env: { ...env, PATH: '/nonexistent' } });
    assert.equal(nothing.code, 125);
    assert.match(nothing.stderr, /no container runtime \(runc, crun, youki\) is in PATH\nInstall runc/);
  });
});

const isRunning = (marker: string): boolean => spawnSync('pgrep', ['-f', marker]).status === 0;

/** A directory of links to all programs of PATH but some. */
function pathWithout(work: string, names: readonly string[]): string {
  const directory = join(work, 'path');
  const script = 'mkdir "$0"; IFS=:; for d in $PATH; do ln -s "$d"/* "$0" 2>/dev/null; done; cd "$0" && rm -f "$@"';
  spawnSync('sh', ['-c', script, directory, ...names]);
  return directory;
}
