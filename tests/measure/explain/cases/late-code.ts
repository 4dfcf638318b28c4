import type { Case } from '../case.ts';
import { put, remove } from '../changes.ts';
import * as p from '../programs.ts';
import { app, c } from './apps.ts';

const staticC = (body: string, head = '') => c(body, head, '-static');
const py = (text: string) => put('/app.py', `print("REACHED", flush=True)\n${text}\n`);
const runPy = { Cmd: ['python3', '/app.py'] };
const libs = '/usr/lib/x86_64-linux-gnu';
const dlopen = (name: string) =>
  c(`void *h = dlopen("${name}", RTLD_NOW); if (!h) { puts(dlerror()); return 3; } return 0;`, '#include <dlfcn.h>');
const exits = '#include <pthread.h>\nstatic void *run(void *x) { pthread_exit(0); }';
const thread = 'pthread_t t; pthread_create(&t, 0, run, 0); pthread_join(t, 0); return 0;';
const goExec = [
  'out, err := exec.Command("git", "version").Output(); if err != nil { fmt.Println(err); os.Exit(3) }; _ = out',
  ['fmt', 'os/exec', 'os'],
] as const;

/** Programs that start and then lack code, each beside the same where nothing is amiss. */
export const lateCodeCases: readonly Case[] = [
  {
    name: 'late/lib/dlopen',
    base: 'deb12',
    change: [dlopen('libplugin.so.3')],
    config: app,
    expect: 'late-lib-missing',
    missing: ['libplugin.so.3'],
    shows: /^3:.*libplugin.so.3: cannot open/s,
  },
  {
    name: 'late/lib/dlopen-dependency',
    base: 'deb12',
    change: [dlopen('libcurl.so.4'), remove(`${libs}/libnghttp2.so.14`)],
    config: app,
    expect: 'late-lib-missing',
    shows: /^3:.*libnghttp2/s,
  },
  {
    name: 'late/lib/pthread-exit',
    base: 'distroless',
    change: [c(thread, exits), remove(`${libs}/libgcc_s.so.1`)],
    config: app,
    expect: 'late-lib-missing',
    missing: ['libgcc_s.so.1'],
    shows: /libgcc_s.so.1 must be installed/,
  },
  {
    name: 'late/lib/python-extension',
    base: 'python',
    change: [py('import sqlite3'), remove(`${libs}/libsqlite3.so.0`)],
    config: runPy,
    expect: 'late-lib-missing',
    missing: ['libsqlite3.so.0'],
    shows: /^1:.*libsqlite3.so.0/s,
  },
  {
    name: 'late/lib/python-ssl',
    base: 'python',
    change: [py('import ssl'), remove(`${libs}/libssl.so.3`)],
    config: runPy,
    expect: 'late-lib-missing',
    missing: ['libssl.so.3'],
    shows: /^1:.*libssl.so.3/s,
  },
  { name: 'late/good/dlopen', base: 'deb12', change: [dlopen('libz.so.1')], config: app, expect: null },
  { name: 'late/good/pthread-exit', base: 'distroless', change: [c(thread, exits)], config: app, expect: null },
  {
    name: 'late/module/python',
    base: 'python',
    change: [py('import flask')],
    config: runPy,
    expect: 'late-module-missing',
    missing: ['flask'],
    shows: /^1:.*No module named 'flask'/s,
  },
  {
    name: 'late/module/python-minimal',
    base: 'deb12',
    change: [py('import json')],
    config: runPy,
    expect: 'late-module-missing',
    missing: ['json'],
    shows: /No module named 'json'/,
  },
  {
    name: 'late/module/node',
    base: 'node',
    change: [put('/srv/app.js', 'console.log("REACHED");\nconst express = require("express");\n')],
    config: { Cmd: ['node', '/srv/app.js'] },
    expect: 'late-module-missing',
    missing: ['express'],
    shows: /Cannot find module 'express'/,
  },
  {
    name: 'late/module/node-relative',
    base: 'node',
    change: [put('/srv/app.js', 'console.log("REACHED");\nrequire("./lib/routes");\n')],
    config: { Cmd: ['node', '/srv/app.js'] },
    expect: 'late-module-missing',
    shows: /Cannot find module/,
  },
  {
    name: 'late/module/perl',
    base: 'deb12',
    change: [put('/app.pl', 'print "REACHED\\n";\nrequire LWP::UserAgent;\n')],
    config: { Cmd: ['perl', '/app.pl'] },
    expect: 'late-module-missing',
    shows: /Can't locate LWP/,
  },
  {
    name: 'late/good/python-imports',
    base: 'python',
    change: [py('import json, ssl, sqlite3, ctypes, os.path\nfrom collections import abc')],
    config: runPy,
    expect: null,
  },
  {
    name: 'late/good/python-optional',
    base: 'python',
    change: [py('try:\n    import flask\nexcept ImportError:\n    flask = None')],
    config: runPy,
    expect: null,
  },
  {
    name: 'late/good/python-own-module',
    base: 'python',
    change: [py('import helper'), put('/helper.py', '')],
    config: runPy,
    expect: null,
  },
  {
    name: 'late/good/node-module',
    base: 'node',
    change: [
      put('/srv/app.js', 'console.log("REACHED");\nrequire("express"); require("fs"); require("./x");\n'),
      put('/srv/node_modules/express/index.js', ''),
      put('/srv/x.json', '{}'),
    ],
    config: { Cmd: ['node', '/srv/app.js'] },
    expect: null,
  },
  {
    name: 'late/command/system',
    base: 'distroless',
    change: [c('return system("ls /") == 0 ? 0 : 8;', '#include <stdlib.h>')],
    config: app,
    expect: 'late-command-missing',
    shows: /^8:/,
  },
  {
    name: 'late/command/static-system',
    base: 'scratch',
    change: [staticC('return system("ls /") == 0 ? 0 : 8;', '#include <stdlib.h>')],
    config: app,
    expect: 'late-command-missing',
    shows: /^8:/,
  },
  {
    name: 'late/command/go-git',
    base: 'scratch',
    change: [put('/app', p.of(p.go(...goExec)))],
    config: app,
    expect: 'late-command-missing',
    missing: ['git'],
    shows: /^3:.*git/s,
  },
  {
    name: 'late/command/python',
    base: 'python',
    change: [py('import subprocess\nsubprocess.run(["git", "version"], check=True)')],
    config: runPy,
    expect: 'late-command-missing',
    missing: ['git'],
    shows: /No such file or directory: 'git'/,
  },
  {
    name: 'late/command/script',
    base: 'deb12',
    change: [put('/run.sh', '#!/bin/sh\nset -e\necho REACHED\njq . /etc/app.json\n')],
    config: { Entrypoint: ['/run.sh'] },
    expect: 'late-command-missing',
    missing: ['jq'],
    shows: /^127:.*jq: not found/s,
  },
  {
    name: 'late/command/script-busybox',
    base: 'busybox',
    change: [put('/run.sh', '#!/bin/sh\necho REACHED\nexec nginx -g "daemon off;"\n')],
    config: { Entrypoint: ['/run.sh'] },
    expect: 'late-command-missing',
    missing: ['nginx'],
    shows: /^127:.*nginx: not found/s,
  },
  {
    name: 'late/command/script-exec',
    base: 'busybox',
    change: [put('/run.sh', '#!/bin/sh\necho REACHED\nexec "$@"\n')],
    config: { Entrypoint: ['/run.sh'], Cmd: ['serve'] },
    expect: 'late-command-missing',
    missing: ['serve'],
    shows: /^127:.*serve: not found/s,
  },
  {
    name: 'late/good/system',
    base: 'deb12',
    change: [c('return system("ls / >/dev/null") == 0 ? 0 : 8;', '#include <stdlib.h>')],
    config: app,
    expect: null,
  },
  {
    name: 'late/symbol/lazy-second',
    base: 'deb13',
    change: [
      put(
        '/app',
        p.of(
          p.program({
            source: p.cProgram('return other();', 'int other(void);'),
            needs: {
              'libown.so': p.library({ source: 'int other(void) { return 0; }', options: '-Wl,-soname,libown.so' }),
            },
            options: '-L. -lown -Wl,-z,lazy',
          }),
        ),
      ),
      put(`${libs}/libown.so`, p.of(p.library({ source: 'int more;', options: '-Wl,-soname,libown.so' }))),
    ],
    config: app,
    expect: 'late-symbol-missing',
    missing: ['other'],
    shows: /undefined symbol: other/,
  },
];
