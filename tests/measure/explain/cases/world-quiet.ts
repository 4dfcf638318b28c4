import type { Case } from '../case.ts';
import { folder, put, remove } from '../changes.ts';
import * as p from '../programs.ts';
import { app, c } from './apps.ts';
import { go, libs, node, python, script } from './world.ts';

/** Images as people make them, with nothing amiss: to hear no alarm. */
export const worldQuietCases: readonly Case[] = [
  {
    name: 'world/quiet/ruby-without-gems',
    base: 'world',
    change: [remove('/usr/lib/ruby/vendor_ruby'), remove('/usr/lib/ruby/3.1.0')],
    config: { Cmd: ['ruby', '-e', 'puts "REACHED"'] },
    expect: null,
  },
  {
    name: 'world/quiet/go-server',
    base: 'scratch',
    change: [go('panic(http.ListenAndServe(":8080", nil))', ['fmt', 'net/http'])],
    config: { ...app, ExposedPorts: { '8080/tcp': {} } },
    service: true,
    expect: null,
  },
  {
    name: 'world/quiet/go-server-nonroot',
    base: 'scratch',
    change: [go('panic(http.ListenAndServe(":8080", nil))', ['fmt', 'net/http'])],
    config: { ...app, User: '65532:65532' },
    service: true,
    expect: null,
  },
  {
    name: 'world/quiet/go-zone-inside',
    base: 'scratch',
    change: [
      put(
        '/app',
        p.of(
          p.go(
            'if _, err := time.LoadLocation("Europe/Moscow"); err != nil { panic(err) }',
            ['fmt', 'time', 'time/tzdata'].slice(0, 2),
            'CGO_ENABLED=0',
            '-tags timetzdata',
          ),
        ),
      ),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/go-look-path',
    base: 'scratch',
    change: [go('if _, err := exec.LookPath("git"); err != nil { fmt.Println("without git") }', ['fmt', 'os/exec'])],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/go-json',
    base: 'scratch',
    change: [go('out, _ := json.Marshal(os.Environ()); fmt.Println(string(out))', ['fmt', 'os', 'encoding/json'])],
    config: { ...app, User: '1000' },
    expect: null,
  },
  {
    name: 'world/quiet/go-time',
    base: 'scratch',
    change: [go('fmt.Println(time.Now().UTC().Year())', ['fmt', 'time'])],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/rust-threads',
    base: 'distroless',
    change: [put('/app', p.of(p.rust('', 'std::thread::spawn(|| println!("more")).join().unwrap();')))],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/c-optional-config',
    base: 'distroless',
    change: [
      c(
        'const char *names[] = {"/etc/own/own.conf", "/usr/local/etc/own.conf", "own.conf"}; for (int i = 0; i < 3; i++) { FILE *f = fopen(names[i], "r"); if (f) { fclose(f); return 0; } } return 0;',
      ),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/c-locale-unset',
    base: 'scratch',
    change: [c('setlocale(LC_ALL, ""); return 0;', '#include <locale.h>', '-static')],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/c-lang-posix',
    base: 'distroless',
    change: [c('return setlocale(LC_ALL, "") == 0;', '#include <locale.h>')],
    config: { ...app, Env: ['LANG=C', 'LC_ALL=POSIX'] },
    expect: null,
  },
  {
    name: 'world/quiet/c-time',
    base: 'scratch',
    change: [c('time_t t = time(0); puts(asctime(gmtime(&t))); return 0;', '#include <time.h>', '-static')],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/c-threads',
    base: 'distroless',
    change: [
      remove(`${libs}/libgcc_s.so.1`),
      c(
        'pthread_t t; pthread_create(&t, 0, run, 0); pthread_join(t, 0); return 0;',
        '#include <pthread.h>\nstatic void *run(void *x) { return x; }',
      ),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'world/quiet/c-tmp-of-environment',
    base: 'busybox',
    change: [c('FILE *f = tmpfile(); return f == 0;', '', '-static')],
    config: { ...app, User: '1000' },
    expect: null,
  },
  {
    name: 'world/quiet/tz-utc',
    base: 'scratch',
    change: [c('time_t t = time(0); puts(asctime(localtime(&t))); return 0;', '#include <time.h>', '-static')],
    config: { ...app, Env: ['TZ=UTC'] },
    expect: null,
  },
  {
    name: 'world/quiet/script-command-v',
    ...script('echo REACHED\nif command -v jq >/dev/null 2>&1; then jq . /etc/x; fi\n'),
    expect: null,
  },
  { name: 'world/quiet/script-or', ...script('echo REACHED\njq --version 2>/dev/null || true\n'), expect: null },
  {
    name: 'world/quiet/script-test-source',
    ...script('echo REACHED\n[ -f /etc/default/app ] && . /etc/default/app\n[ -r /etc/x ] || true\n'),
    expect: null,
  },
  {
    name: 'world/quiet/script-case',
    ...script('echo REACHED\ncase "$1" in\n  migrate) flask db upgrade ;;\n  *) true ;;\nesac\n'),
    expect: null,
  },
  { name: 'world/quiet/script-function', ...script('usage() { nothing-here; }\necho REACHED\n'), expect: null },
  { name: 'world/quiet/script-here', ...script('cat <<END\nnothing-here\nEND\necho REACHED\n'), expect: null },
  { name: 'world/quiet/script-exit', ...script('echo REACHED\nexit 0\nnothing-here\n'), expect: null },
  {
    name: 'world/quiet/script-for',
    ...script('echo REACHED\nfor f in /docker-entrypoint.d/*.sh; do [ -x "$f" ] && "$f"; done\nexit 0\n'),
    expect: null,
  },
  {
    name: 'world/quiet/script-defaults',
    ...script(`set -eu\n: "\${PORT:=80}"\necho "REACHED $PORT"\nexec \${SERVER:-true}\n`, 'deb12'),
    expect: null,
  },
  {
    name: 'world/quiet/script-trap',
    ...script('trap "kill 0" TERM\numask 022\nulimit -c 0\nread -r line </etc/passwd\nprintf "%s\\n" REACHED\n'),
    expect: null,
  },
  {
    name: 'world/quiet/script-and-exit',
    ...script('[ "$#" -gt 0 ] || { echo REACHED; exit 0; }\nexec "$@"\n'),
    expect: null,
  },
  {
    name: 'world/quiet/script-mkdir',
    ...script('mkdir -p /data/app && cd /data/app\necho x > file\ncat file >/dev/null\necho REACHED\n'),
    expect: null,
  },
  { name: 'world/quiet/python-lazy', ...python('def later():\n    import flask\n    return flask'), expect: null },
  {
    name: 'world/quiet/python-typing',
    ...python('from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas'),
    expect: null,
  },
  {
    name: 'world/quiet/python-find-spec',
    ...python('import importlib.util\nprint(importlib.util.find_spec("flask"))'),
    expect: null,
  },
  {
    name: 'world/quiet/python-platform',
    ...python('import sys\nif sys.platform == "win32":\n    import winreg'),
    expect: null,
  },
  { name: 'world/quiet/python-text', ...python('TEXT = """\nimport flask\n"""'), expect: null },
  {
    name: 'world/quiet/python-try',
    ...python('try:\n    import ujson as json\nexcept Exception:\n    import json'),
    expect: null,
  },
  {
    name: 'world/quiet/python-dotted',
    ...python(
      'import os.path, xml.etree.ElementTree as tree\nfrom concurrent.futures import ThreadPoolExecutor\nimport email.mime.text',
    ),
    expect: null,
  },
  {
    name: 'world/quiet/python-site-packages',
    base: 'python',
    change: [
      put('/usr/local/lib/python3.11/dist-packages/flask/__init__.py', ''),
      put('/app.py', 'import flask\nprint("REACHED")\n'),
    ],
    config: { Cmd: ['python3', '/app.py'] },
    expect: null,
  },
  {
    name: 'world/quiet/python-path',
    base: 'python',
    change: [put('/opt/lib/flask.py', ''), put('/app.py', 'import flask\nprint("REACHED")\n')],
    config: { Cmd: ['python3', '/app.py'], Env: ['PYTHONPATH=/opt/lib'] },
    expect: null,
  },
  {
    name: 'world/quiet/python-which',
    ...python('import shutil, subprocess\nif shutil.which("git"):\n    subprocess.run(["git", "version"])'),
    expect: null,
  },
  { name: 'world/quiet/node-try', ...node('try { require("bufferutil"); } catch {}'), expect: null },
  {
    name: 'world/quiet/node-builtins',
    ...node('require("node:http"); require("fs/promises"); require("worker_threads");'),
    expect: null,
  },
  {
    name: 'world/quiet/node-comment',
    ...node('// require("express")\nconst text = "require(\'express\')";'),
    expect: null,
  },
  {
    name: 'world/quiet/node-server',
    ...node('require("http").createServer().listen(3000);'),
    service: true,
    expect: null,
  },
  { name: 'world/quiet/node-spawn', ...node('require("child_process").execSync("true");'), expect: null },
  {
    name: 'world/quiet/health',
    base: 'busybox',
    config: {
      Cmd: ['echo', 'REACHED'],
      Healthcheck: { Test: ['CMD-SHELL', 'wget -q -O- http://localhost/ || exit 1'] },
    },
    expect: null,
  },
  {
    name: 'world/quiet/volume',
    base: 'busybox',
    change: [folder('/data')],
    config: { Cmd: ['echo', 'REACHED'], Volumes: { '/data': {} }, ExposedPorts: { '8080/tcp': {} } },
    expect: null,
  },
];
