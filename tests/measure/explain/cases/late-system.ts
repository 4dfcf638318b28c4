import type { Case } from '../case.ts';
import { put, remove } from '../changes.ts';
import * as p from '../programs.ts';
import { app, c } from './apps.ts';

const staticC = (body: string, head = '') => c(body, head, '-static');
const passwd = 'struct passwd *p = getpwnam("nobody"); if (!p) { puts("no such user"); return 4; } return 0;';
const locale = 'if (!setlocale(LC_ALL, "")) { puts("no locale"); return 5; } return 0;';
const iconv = 'if (iconv_open("UTF-16", "ISO-8859-1") == (iconv_t) -1) { perror("iconv"); return 6; } return 0;';
const zone =
  "time_t t = 1700000000; printf(\"%s %s\\n\", tzname[0], asctime(localtime(&t))); return tzname[0][0] == 'E' && tzname[0][1] == 'u' ? 7 : 0;";
const tls = [
  'resp, err := http.Get("https://127.0.0.1:1/"); _ = resp; pool, _ := x509.SystemCertPool(); if pool == nil || len(pool.Subjects()) == 0 { fmt.Println("no certificates", err != nil); os.Exit(3) }',
  ['fmt', 'net/http', 'crypto/x509', 'os'],
] as const;
const goZone = [
  'if _, err := time.LoadLocation("Europe/Moscow"); err != nil { fmt.Println(err); os.Exit(3) }',
  ['fmt', 'time', 'os'],
] as const;
const goUser = [
  'u, err := user.Lookup("app"); if err != nil { fmt.Println(err); os.Exit(3) }; _ = u',
  ['fmt', 'os/user', 'os'],
] as const;

/** Programs that start and then lack something of the system, each beside the same where nothing is amiss. */
export const lateSystemCases: readonly Case[] = [
  {
    name: 'late/nss/passwd-c',
    base: 'scratch',
    change: [staticC(passwd, '#include <pwd.h>')],
    config: app,
    expect: 'late-nss-missing',
    shows: /^4:/,
  },
  {
    name: 'late/nss/passwd-gone',
    base: 'distroless',
    change: [c(passwd, '#include <pwd.h>'), remove('/etc/passwd')],
    config: app,
    expect: 'late-nss-missing',
    shows: /^4:/,
  },
  {
    name: 'late/nss/passwd-go',
    base: 'scratch',
    change: [put('/app', p.of(p.go(...goUser)))],
    config: app,
    expect: 'late-nss-missing',
    shows: /^3:.*passwd/s,
  },
  {
    name: 'late/nss/services',
    base: 'distroless',
    change: [
      c(
        'struct servent *s = getservbyname("https", "tcp"); if (!s) { puts("no service"); return 4; } return 0;',
        '#include <netdb.h>',
      ),
      remove('/etc/services'),
    ],
    config: app,
    expect: 'late-nss-missing',
    shows: /^4:/,
  },
  {
    name: 'late/nss/module',
    base: 'deb12',
    change: [
      c(passwd, '#include <pwd.h>'),
      put('/etc/nsswitch.conf', 'passwd: sss\ngroup: sss\nhosts: files dns\n', { mode: 0o644 }),
    ],
    config: app,
    expect: 'late-nss-missing',
    shows: /^4:/,
  },
  { name: 'late/good/passwd', base: 'distroless', change: [c(passwd, '#include <pwd.h>')], config: app, expect: null },
  {
    name: 'late/certs/go',
    base: 'scratch',
    change: [put('/app', p.of(p.go(...tls)))],
    config: app,
    expect: 'late-certs-missing',
    shows: /^3:/,
  },
  {
    name: 'late/certs/curl',
    base: 'deb12',
    change: [remove('/etc/ssl/certs'), remove('/usr/share/ca-certificates')],
    config: { Cmd: ['curl', 'https://127.0.0.1:1/'] },
    token: 'curl: (',
    expect: 'late-certs-missing',
  },
  {
    name: 'late/good/certs-go',
    base: 'distroless',
    change: [put('/app', p.of(p.go(...tls)))],
    config: app,
    expect: null,
  },
  {
    name: 'late/zone/go',
    base: 'scratch',
    change: [put('/app', p.of(p.go(...goZone)))],
    config: app,
    expect: 'late-tzdata-missing',
    shows: /^3:.*unknown time zone/s,
  },
  {
    name: 'late/zone/c',
    base: 'deb11',
    change: [remove('/usr/share/zoneinfo'), staticC(zone, '#include <time.h>')],
    config: { ...app, Env: ['TZ=Europe/Moscow'] },
    expect: 'late-tzdata-missing',
    shows: /^7:REACHED\nEurope/,
  },
  {
    name: 'late/zone/python',
    base: 'distroless',
    change: [remove('/usr/share/zoneinfo'), c(zone, '#include <time.h>')],
    config: { ...app, Env: ['TZ=Europe/Moscow'] },
    expect: 'late-tzdata-missing',
    shows: /^7:/,
  },
  {
    name: 'late/good/zone',
    base: 'distroless',
    change: [c(zone, '#include <time.h>')],
    config: { ...app, Env: ['TZ=Europe/Moscow'] },
    expect: null,
  },
  {
    name: 'late/good/zone-utc',
    base: 'scratch',
    change: [staticC(zone, '#include <time.h>')],
    config: { ...app, Env: ['TZ=UTC0'] },
    expect: null,
  },
  {
    name: 'late/good/zone-go',
    base: 'distroless',
    change: [put('/app', p.of(p.go(...goZone)))],
    config: app,
    expect: null,
  },
  {
    name: 'late/data/locale-c',
    base: 'deb12',
    change: [c(locale, '#include <locale.h>')],
    config: { ...app, Env: ['LANG=de_DE.UTF-8'] },
    expect: 'late-data-missing',
    shows: /^5:/,
  },
  {
    name: 'late/data/locale-c.utf8',
    base: 'distroless',
    change: [c(locale, '#include <locale.h>')],
    config: { ...app, Env: ['LC_ALL=C.UTF-8'] },
    expect: 'late-data-missing',
    shows: /^5:/,
  },
  {
    name: 'late/data/iconv',
    base: 'distroless',
    change: [c(iconv, '#include <iconv.h>')],
    config: app,
    expect: 'late-data-missing',
    shows: /^6:/,
  },
  {
    name: 'late/good/locale',
    base: 'deb12',
    change: [c(locale, '#include <locale.h>')],
    config: { ...app, Env: ['LANG=C.UTF-8'] },
    expect: null,
  },
  {
    name: 'late/good/locale-musl',
    base: 'musl',
    change: [put('/app', p.of(p.program({ source: p.cProgram(locale, '#include <locale.h>'), compiler: 'musl-gcc' })))],
    config: { ...app, Env: ['LANG=de_DE.UTF-8'] },
    expect: null,
  },
  { name: 'late/good/iconv', base: 'deb12', change: [c(iconv, '#include <iconv.h>')], config: app, expect: null },
  {
    name: 'late/file/tmp',
    base: 'scratch',
    change: [
      staticC(
        'char n[] = "/tmp/x-XXXXXX"; if (mkstemp(n) < 0) { perror(n); return 9; } return 0;',
        '#include <stdlib.h>',
      ),
    ],
    config: app,
    expect: 'late-file-missing',
    shows: /^9:/,
  },
  {
    name: 'late/file/config',
    base: 'distroless',
    change: [c('if (!fopen("/etc/app/app.conf", "r")) { perror("/etc/app/app.conf"); return 9; } return 0;')],
    config: app,
    expect: 'late-file-missing',
    missing: ['/etc/app/app.conf'],
    shows: /^9:/,
  },
  {
    name: 'late/file/log',
    base: 'distroless',
    change: [c('if (!fopen("/var/log/app/app.log", "a")) { perror("log"); return 9; } return 0;')],
    config: app,
    expect: 'late-file-missing',
    shows: /^9:/,
  },
  {
    name: 'late/file/argument',
    base: 'deb12',
    change: [c('if (argc > 2 && !fopen(argv[2], "r")) { perror(argv[2]); return 9; } return 0;')],
    config: { Entrypoint: ['/app', '--config', '/etc/app.toml'] },
    expect: 'late-file-missing',
    missing: ['/etc/app.toml'],
    shows: /^9:/,
  },
  {
    name: 'late/file/script-source',
    base: 'deb12',
    change: [put('/run.sh', '#!/bin/sh\necho REACHED\n. /etc/app.env\n')],
    config: { Entrypoint: ['/run.sh'] },
    expect: 'late-file-missing',
    missing: ['/etc/app.env'],
    shows: /^2:/,
  },
  {
    name: 'late/good/file',
    base: 'distroless',
    change: [
      c('if (!fopen("/etc/app/app.conf", "r")) { perror("/etc/app/app.conf"); return 9; } return 0;'),
      put('/etc/app/app.conf', 'x'),
    ],
    config: app,
    expect: null,
  },
  {
    name: 'late/good/tmp',
    base: 'distroless',
    change: [
      c('char n[] = "/tmp/x-XXXXXX"; if (mkstemp(n) < 0) { perror(n); return 9; } return 0;', '#include <stdlib.h>'),
    ],
    config: { ...app, User: '1000' },
    expect: null,
  },
];
