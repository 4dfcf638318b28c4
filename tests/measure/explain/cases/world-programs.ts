import type { Case } from '../case.ts';
import { put, remove } from '../changes.ts';
import * as p from '../programs.ts';
import { app, c } from './apps.ts';

const nginx = { Cmd: ['nginx', '-t'] };
const libs = '/usr/lib/x86_64-linux-gnu';
const users = put('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\n', {
  mode: 0o644,
});
const groups = put('/etc/group', 'root:x:0:\nwww-data:x:33:\n', { mode: 0o644 });
const script = (text: string, base = 'busybox'): Omit<Case, 'name' | 'expect'> => ({
  base,
  change: [put('/run.sh', `#!/bin/sh\n${text}`)],
  config: { Entrypoint: ['/run.sh'] },
});
const python = (text: string): Omit<Case, 'name' | 'expect'> => ({
  base: 'python',
  change: [put('/app.py', `print("REACHED", flush=True)\n${text}\n`)],
  config: { Cmd: ['python3', '/app.py'] },
});
const node = (text: string): Omit<Case, 'name' | 'expect'> => ({
  base: 'node',
  change: [put('/srv/app.js', `console.log("REACHED");\n${text}\n`)],
  config: { Cmd: ['node', '/srv/app.js'] },
});
const go = (body: string, imports: readonly string[]) => put('/app', p.of(p.go(body, imports)));

/** Servers and languages as people put them into images. */
export const worldProgramCases: readonly Case[] = [
  {
    name: 'world/nginx/good',
    base: 'world',
    change: [users, groups],
    config: nginx,
    token: 'test is successful',
    expect: null,
  },
  {
    name: 'world/nginx/no-user',
    base: 'world',
    change: [put('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'), put('/etc/group', 'root:x:0:\n')],
    config: nginx,
    token: 'nginx:',
    expect: 'late-nss-missing',
    shows: /getpwnam\("www-data"\) failed/,
  },
  {
    name: 'world/nginx/no-config',
    base: 'world',
    change: [users, groups, remove('/etc/nginx')],
    config: nginx,
    token: 'nginx:',
    expect: 'late-file-missing',
    shows: /open\(\) "\/etc\/nginx\/nginx.conf" failed/,
  },
  {
    name: 'world/nginx/no-log-directory',
    base: 'world',
    change: [users, groups, remove('/var/log/nginx')],
    config: nginx,
    token: 'nginx:',
    expect: 'late-file-missing',
    shows: /\/var\/log\/nginx\/error.log/,
  },
  {
    name: 'world/nginx/library',
    base: 'world',
    change: [users, groups, (root) => root.remove(`${libs}/libpcre2-8.so.0`)],
    config: nginx,
    token: 'test is successful',
    expect: 'lib-missing',
    missing: ['libpcre2-8.so.0'],
  },
  {
    name: 'world/redis/good',
    base: 'world',
    config: { Entrypoint: ['redis-server', '--version'] },
    token: 'Redis server v',
    expect: null,
  },
  {
    name: 'world/redis/service',
    base: 'world',
    config: { Entrypoint: ['redis-server'], Cmd: ['--save', ''], WorkingDir: '/tmp' },
    token: 'Ready to accept',
    service: true,
    expect: null,
  },
  {
    name: 'world/redis/config',
    base: 'world',
    config: { Entrypoint: ['redis-server', '/usr/local/etc/redis/redis.conf'] },
    token: 'Fatal error',
    expect: 'late-file-missing',
    missing: ['/usr/local/etc/redis/redis.conf'],
    shows: /can't open config file/,
  },
  {
    name: 'world/ruby/good',
    base: 'world',
    config: { Cmd: ['ruby', '-e', 'require "json"; puts "REACHED"'] },
    expect: null,
  },
  {
    name: 'world/ruby/script',
    base: 'world',
    change: [
      put('/srv/app.rb', '#!/usr/bin/env ruby\nrequire "set"\nrequire_relative "lib/x"\nputs "REACHED"\n'),
      put('/srv/lib/x.rb', ''),
    ],
    config: { Cmd: ['/srv/app.rb'] },
    expect: null,
  },
  {
    name: 'world/ruby/missing',
    base: 'world',
    config: { Cmd: ['ruby', 'app.rb'], WorkingDir: '/srv' },
    expect: 'program-missing',
  },
  {
    name: 'world/ruby/module',
    base: 'world',
    change: [put('/srv/app.rb', '$stdout.sync = true\nputs "REACHED"\nrequire "sinatra"\n')],
    config: { Cmd: ['ruby', '/srv/app.rb'] },
    expect: 'late-module-missing',
    missing: ['sinatra'],
    shows: /cannot load such file -- sinatra/,
  },
  {
    name: 'world/php/good',
    base: 'world',
    change: [put('/srv/app.php', '<?php echo "REACHED\\n";')],
    config: { Cmd: ['php8.2', '/srv/app.php'] },
    expect: null,
  },
  {
    name: 'world/php/missing',
    base: 'world',
    config: { Cmd: ['php8.2', '/srv/app.php'] },
    expect: 'program-missing',
    missing: ['/srv/app.php'],
  },
  { name: 'world/sqlite', base: 'world', config: { Cmd: ['sqlite3', ':memory:', "select 'REACHED'"] }, expect: null },
  {
    name: 'world/git',
    base: 'world',
    config: { Entrypoint: ['git'], Cmd: ['--version'] },
    token: 'git version',
    expect: null,
  },
  {
    name: 'world/late/node-spawn',
    ...node('require("child_process").execFileSync("ffmpeg", ["-version"]);'),
    expect: 'late-command-missing',
    missing: ['ffmpeg'],
    shows: /ENOENT/,
  },
  {
    name: 'world/late/node-esm',
    base: 'node',
    change: [put('/srv/app.mjs', 'console.log("REACHED");\nconst { default: express } = await import("express");\n')],
    config: { Cmd: ['node', '/srv/app.mjs'] },
    expect: 'late-module-missing',
    missing: ['express'],
    shows: /Cannot find package 'express'/,
  },
  {
    name: 'world/late/python-from',
    ...python('from sqlalchemy.orm import Session'),
    expect: 'late-module-missing',
    missing: ['sqlalchemy'],
    shows: /No module named 'sqlalchemy'/,
  },
  {
    name: 'world/late/python-zone',
    ...python('import zoneinfo\nzoneinfo.ZoneInfo("Europe/Berlin")'),
    expect: 'late-tzdata-missing',
    shows: /No time zone found/,
  },
  {
    name: 'world/late/script-source',
    ...script('echo REACHED\nsource /etc/app/env\n', 'busybox'),
    expect: 'late-file-missing',
    shows: /can't open|not found|No such file/,
  },
  {
    name: 'world/late/script-su-exec',
    ...script('set -e\necho REACHED\nexec su-exec app "$@"\n', 'musl'),
    expect: 'late-command-missing',
    missing: ['su-exec'],
    shows: /su-exec: not found/,
  },
  {
    name: 'world/late/go-passwd',
    base: 'scratch',
    change: [
      go('if _, err := user.LookupId("1000"); err != nil { fmt.Println(err); os.Exit(3) }', ['fmt', 'os', 'os/user']),
    ],
    config: app,
    expect: 'late-nss-missing',
    shows: /passwd/,
  },
  {
    name: 'world/late/go-tmp',
    base: 'scratch',
    change: [go('if _, err := os.CreateTemp("", "x"); err != nil { fmt.Println(err); os.Exit(3) }', ['fmt', 'os'])],
    config: app,
    expect: 'late-file-missing',
    shows: /\/tmp/,
  },
  {
    name: 'world/late/popen',
    base: 'distroless',
    change: [c('FILE *f = popen("date", "r"); return f && pclose(f) == 0 ? 0 : 8;', '#include <stdlib.h>')],
    config: app,
    expect: 'late-command-missing',
    shows: /^8:/,
  },
  {
    name: 'world/late/exec',
    base: 'distroless',
    change: [
      c('execlp("convert", "convert", "--version", (char *) 0); perror("convert"); return 8;', '#include <unistd.h>'),
    ],
    config: app,
    expect: 'late-command-missing',
    missing: ['convert'],
    shows: /^8:/,
  },
];
