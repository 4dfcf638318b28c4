import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeScene } from '../../../../../tests/make/scene.ts';
import type { OsFacts } from '../../../../facts/os/index.ts';
import type { Cause, StartVerdict } from '../../../../facts/start/index.ts';
import type { Scene } from '../../rule.ts';
import { startRules } from './index.ts';

type Stopped = Partial<Pick<StartVerdict, 'missing' | 'subject' | 'argv' | 'there'>> & {
  readonly os?: Partial<OsFacts>;
};

async function stoppedBy(cause: Cause, { os, ...seen }: Stopped): Promise<Scene> {
  const scene = await makeScene(os === undefined ? {} : { os });
  return { ...scene, verdict: { ...scene.verdict, starts: 'no', cause, says: 'it is so', ...seen } };
}

async function adviceFor(cause: Cause, stopped: Stopped = {}): Promise<string> {
  const scene = await stoppedBy(cause, stopped);
  const found = await Promise.all(startRules.map((rule) => rule.judge(scene)));
  const [finding, ...others] = found.flat();
  assert.deepEqual(others, [], 'another rule speaks too');
  return finding?.advice ?? assert.fail(`no rule speaks for ${cause}`);
}

/** A case for each rule, and a part of its advice that can be pasted or acted upon. */
const advices: readonly (readonly [Cause, Stopped, string])[] = [
  ['no-command', {}, 'Name the program in ENTRYPOINT or CMD'],
  ['os-mismatch', {}, 'Choose the linux entry'],
  ['user-not-found', { missing: ['app'] }, 'app:x:65532:65532::/:/sbin/nologin'],
  ['user-not-found', { missing: ['root'] }, 'Write `USER 0`'],
  ['group-not-found', { missing: ['staff'] }, 'staff:x:65532:'],
  ['user-invalid', {}, 'Choose a number in this range'],
  ['workdir-invalid', {}, 'leading slash'],
  ['workdir-not-directory', {}, 'Choose another WORKDIR'],
  ['mountpoint-conflict', { subject: '/etc/hosts' }, 'Remove the directory /etc/hosts'],
  ['image-broken', {}, 'Fetch the image again'],
  ['entrypoint-missing', { missing: ['/bin/app'], argv: ['/bin/app'] }, 'COPY app /bin/app'],
  ['entrypoint-missing', { missing: ['./app'], argv: ['./app'] }, 'COPY app ./app'],
  ['entrypoint-missing', { missing: ['/app -v'], argv: ['/app -v'] }, 'ENTRYPOINT ["/app","-v"]'],
  ['entrypoint-not-in-path', { missing: ['app'], argv: ['app'] }, 'ENV PATH=/opt/app/bin:$PATH'],
  ['entrypoint-dangling-symlink', { missing: ['/opt/app'], subject: '/app' }, 'Bring /opt/app into the image'],
  ['entrypoint-symlink-loop', {}, 'Replace the links'],
  ['entrypoint-not-regular', {}, 'inside the directory'],
  ['entrypoint-not-executable', { missing: ['/srv/app'] }, 'COPY --chmod=755 app /srv/app'],
  ['entrypoint-permission', { missing: ['/srv'] }, 'RUN chmod a+rx /srv'],
  ['shell-missing', { argv: ['/bin/sh', '-c', '/app --flag'] }, 'ENTRYPOINT ["/app","--flag"]'],
  ['shell-missing', { argv: ['/bin/sh', '-c', 'a && b'] }, 'ENTRYPOINT ["/app", "--flag"]'],
  ['arguments-too-long', {}, 'Put large values into a file'],
  ['no-shebang', { subject: '/run.sh' }, "sed -i '1i #!/bin/sh' /run.sh"],
  ['foreign-format', {}, 'Build it for Linux'],
  ['empty-file', {}, 'fail when the result is empty'],
  ['wrong-architecture', {}, '--platform linux/amd64'],
  ['elf-corrupt', {}, 'Bring the file again'],
  ['elf-not-a-program', {}, 'Name the program instead'],
  ['loader-missing', { missing: ['/lib64/ld-linux-x86-64.so.2'], subject: '/app' }, 'debian:12-slim'],
  ['loader-missing', { missing: ['/lib/ld-musl-x86_64.so.1'], subject: '/app' }, 'use alpine as base'],
  [
    'loader-elsewhere',
    { missing: ['/lib64/ld-linux-x86-64.so.2'], there: '/usr/lib/ld-linux-x86-64.so.2' },
    'RUN mkdir -p /lib64 && ln -s /usr/lib/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2',
  ],
  ['libc-mismatch', { missing: ['/lib64/ld-linux-x86-64.so.2'], subject: '/app' }, 'debian:12-slim as base for app'],
  ['loader-not-executable', { missing: ['/lib/ld.so.1'] }, 'RUN chmod 755 /lib/ld.so.1'],
  ['loader-invalid', {}, 'from the libc package'],
  ['interpreter-missing', { missing: ['/usr/bin/ruby'], subject: '/app' }, 'Install ruby'],
  [
    'interpreter-missing',
    { missing: ['/bin/bash'], subject: '/app', os: { shell: '/bin/sh' as OsFacts['shell'] } },
    "RUN sed -i '1s|.*|#!/bin/sh|' /app",
  ],
  ['interpreter-crlf', { subject: '/run.sh' }, "RUN sed -i 's/\\r$//' /run.sh"],
  ['interpreter-not-executable', { missing: ['/bin/x'] }, 'RUN chmod 755 /bin/x'],
  ['interpreter-loop', {}, 'Name a real program'],
  ['shebang-invalid', {}, 'Shorten the path'],
  ['lib-missing', { missing: ['libpcre2-8.so.0'], os: { packageManager: 'apt' } }, 'libpcre2-8-0'],
  ['lib-missing', { missing: ['libz.so.1'], os: { packageManager: 'apk' } }, 'RUN apk add --no-cache so:libz.so.1'],
  ['lib-missing', { missing: ['libz.so.1'], os: { packageManager: 'dnf' } }, "RUN dnf install -y 'libz.so.1*'"],
  ['lib-missing', { missing: ['libz.so.1'] }, 'COPY --from=build PATH/libz.so.1 PATH/'],
  ['lib-permission', { missing: ['libz.so.1'] }, 'chmod a+rX'],
  ['lib-invalid', {}, 'Bring the real library'],
  ['lib-wrong-arch', {}, 'for the machine of the program'],
  ['version-missing', { missing: ['GLIBC_2.38'] }, 'FROM ubuntu:24.04'],
  ['version-missing', { missing: ['GLIBCXX_3.4.29'] }, 'FROM ubuntu:22.04'],
  ['version-missing', { missing: ['FOO_1'] }, 'a newer release of the library'],
  ['libc-loader-skew', {}, 'from the same package'],
  ['symbol-missing', { missing: ['foo'] }, 'the library that defines foo'],
  ['symbol-missing', { missing: ['__printf_chk'] }, 'build it on Alpine'],
  ['cpu-isa', {}, 'Build for the baseline'],
  ['shebang-args', { subject: '/run.sh' }, 'first line of /run.sh'],
  ['script-unreadable', { missing: ['/run.sh'] }, 'RUN chmod a+rx /run.sh'],
  [
    'env-program-missing',
    { missing: ['node'], os: { packageManager: 'apt' } },
    'install -y --no-install-recommends nodejs',
  ],
  ['shell-command-missing', { missing: ['jq'], os: { packageManager: 'apk' } }, 'RUN apk add --no-cache jq'],
  ['shell-command-denied', { missing: ['/app'] }, 'RUN chmod a+rx /app'],
  ['program-missing', { missing: ['/app.py'] }, 'Copy /app.py into the image'],
  [
    'runtime-incomplete',
    { missing: ['encodings'], subject: '/usr/bin/python3' },
    'Bring encodings for /usr/bin/python3',
  ],
];

describe('the rules about causes', () => {
  for (const [cause, stopped, advice] of advices) {
    it(`advise for ${cause}: ${advice}`, async () => {
      const given = await adviceFor(cause, stopped);
      assert.ok(given.includes(advice), given);
    });
  }

  it('are each tried above', () => {
    const tried = new Set(advices.map(([cause]): string => cause));
    assert.deepEqual(
      startRules.map(({ code }) => code).filter((code) => !tried.has(code)),
      [],
    );
  });

  it('are silent about an image that starts', async () => {
    const scene = await makeScene();
    const started: Scene = { ...scene, verdict: { ...scene.verdict, starts: 'yes', cause: null } };
    assert.deepEqual((await Promise.all(startRules.map((rule) => rule.judge(started)))).flat(), []);
  });

  it('hand on what is missing, for whom, and the sentence', async () => {
    const scene = await stoppedBy('lib-missing', { missing: ['libz.so.1'], subject: '/app' });
    const [found] = (await Promise.all(startRules.map((rule) => rule.judge(scene)))).flat();
    assert.deepEqual(found?.missing, ['libz.so.1']);
    assert.equal(found?.says, 'it is so');
    assert.deepEqual(found?.about, { subject: '/app' });
  });
});
