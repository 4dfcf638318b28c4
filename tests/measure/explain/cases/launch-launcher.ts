import type { Case } from '../case.ts';
import { put } from '../changes.ts';
import * as p from '../programs.ts';

const bytes = p.of(p.glibcProgram);
const entrypoint = (text: string) => put('/docker-entrypoint.sh', text);
const dropping =
  '#!/bin/sh\nset -e\nif [ "$1" = "app" ] && [ "$(id -u)" = "0" ]; then\n  mkdir -p /var/lib/app\n  chown -R nobody /var/lib/app\n  exec gosu nobody "$0" "$@"\nfi\nexec "$@"\n';
const bash = `#!/usr/bin/env bash\nset -Eeuo pipefail\n_main() {\n  if [ "\${1:0:1}" = "-" ]; then\n    set -- app "$@"\n  fi\n  exec "$@"\n}\n_main "$@"\n`;

/** Launchers and entrypoint scripts, with what they are told to run. */
export const launchLauncherCases: readonly Case[] = [
  {
    name: 'launch/tini/missing',
    base: 'deb12',
    config: { Entrypoint: ['/usr/bin/tini', '--'], Cmd: ['/opt/app'] },
    expect: 'program-missing',
    missing: ['/opt/app'],
  },
  {
    name: 'launch/tini/name',
    base: 'deb13',
    config: { Entrypoint: ['tini', '-g', '--'], Cmd: ['serve', '-x'] },
    expect: 'program-missing',
    missing: ['serve'],
  },
  {
    name: 'launch/dumb-init/missing',
    base: 'deb12',
    config: { Entrypoint: ['dumb-init', 'serve'] },
    expect: 'program-missing',
    missing: ['serve'],
  },
  {
    name: 'launch/gosu/missing',
    base: 'deb12',
    config: { Entrypoint: ['gosu', 'nobody', '/opt/app'] },
    expect: 'program-missing',
    missing: ['/opt/app'],
  },
  {
    name: 'launch/env/missing',
    base: 'deb12',
    config: { Entrypoint: ['env', 'A=1', 'serve'] },
    expect: 'program-missing',
    missing: ['serve'],
  },
  {
    name: 'launch/timeout/missing',
    base: 'deb12',
    config: { Entrypoint: ['timeout', '5', 'serve'] },
    expect: 'program-missing',
    missing: ['serve'],
  },
  {
    name: 'launch/ld.so/missing',
    base: 'deb12',
    config: { Entrypoint: ['/lib64/ld-linux-x86-64.so.2', '/opt/app'] },
    expect: 'program-missing',
    missing: ['/opt/app'],
  },
  {
    name: 'launch/sh/file',
    base: 'deb12',
    config: { Cmd: ['sh', '/opt/run.sh'] },
    expect: 'program-missing',
    missing: ['/opt/run.sh'],
  },
  {
    name: 'launch/bash/file',
    base: 'deb12',
    config: { Cmd: ['bash', 'run.sh'], WorkingDir: '/srv' },
    expect: 'program-missing',
  },
  { name: 'launch/busybox-sh/file', base: 'busybox', config: { Cmd: ['sh', 'run.sh'] }, expect: 'program-missing' },
  {
    name: 'launch/script/exec',
    base: 'deb12',
    change: [entrypoint(dropping)],
    config: { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['serve'] },
    expect: 'late-command-missing',
    missing: ['serve'],
    token: 'serve',
    shows: /^127:.*not found/s,
  },
  {
    name: 'launch/script/good',
    base: 'deb12',
    change: [entrypoint(dropping), put('/usr/local/bin/app', bytes)],
    config: { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['app'] },
    expect: null,
  },
  {
    name: 'launch/script/bash-good',
    base: 'deb13',
    change: [entrypoint(bash), put('/usr/local/bin/app', bytes)],
    config: { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['-x'] },
    expect: null,
  },
  {
    name: 'launch/script/through-tini',
    base: 'deb12',
    change: [entrypoint(dropping), put('/usr/local/bin/app', bytes)],
    config: { Entrypoint: ['tini', '--', '/docker-entrypoint.sh'], Cmd: ['app'] },
    expect: null,
  },
  {
    name: 'launch/script/no-bash',
    base: 'musl',
    change: [entrypoint(bash)],
    config: { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['app'] },
    expect: 'env-program-missing',
    missing: ['bash'],
  },
  {
    name: 'launch/script/crlf',
    base: 'deb12',
    change: [entrypoint(dropping.replaceAll('\n', '\r\n'))],
    config: { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['app'] },
    expect: 'interpreter-crlf',
  },
  {
    name: 'launch/script/tini-crlf',
    base: 'deb12',
    change: [entrypoint(dropping.replaceAll('\n', '\r\n'))],
    config: { Entrypoint: ['tini', '--', '/docker-entrypoint.sh'], Cmd: ['app'] },
    expect: 'interpreter-crlf',
  },
  {
    name: 'launch/script/not-executable',
    base: 'deb12',
    change: [put('/docker-entrypoint.sh', dropping, { mode: 0o644 })],
    config: { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['app'] },
    expect: 'entrypoint-not-executable',
  },
  {
    name: 'launch/good/tini-env',
    base: 'deb12',
    config: { Entrypoint: ['tini', '-v', '--', 'env', 'A=1', 'sh', '-c', 'echo REACHED'] },
    expect: null,
  },
  {
    name: 'launch/good/su',
    base: 'deb12',
    config: { Entrypoint: ['su', 'nobody', '-s', '/bin/sh', '-c', 'echo REACHED'] },
    expect: null,
  },
  {
    name: 'launch/good/setpriv',
    base: 'deb12',
    config: { Entrypoint: ['setpriv', '--reuid', '1000', '--clear-groups', 'echo', 'REACHED'] },
    expect: null,
  },
  {
    name: 'launch/good/timeout',
    base: 'busybox',
    config: { Entrypoint: ['timeout', '5', 'echo', 'REACHED'] },
    expect: null,
  },
  {
    name: 'launch/good/busybox-word',
    base: 'busybox',
    config: { Entrypoint: ['busybox', 'sh', '-c', 'echo REACHED'] },
    expect: null,
  },
  {
    name: 'launch/good/busybox-scratch',
    base: 'scratch',
    change: [put('/busybox', async () => (await import('node:fs')).readFileSync('/bin/busybox'))],
    config: { Entrypoint: ['/busybox', 'sh', '-c', 'echo REACHED'] },
    expect: null,
  },
];
