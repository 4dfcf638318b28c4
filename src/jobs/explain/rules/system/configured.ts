import { baseName, imagePath } from '../../../../kit/index.ts';

export interface Configuration {
  readonly path: string;
  /** As it stands: `-c`, `--config.file`; empty for a plain word. */
  readonly option: string;
}

/** `--config FILE`, `-config.file=FILE`, `--defaults-file=FILE`; not options that name a directory, a text or a target. */
const longOption =
  /^--?(?=[\w.-]*(?:conf|cfg|defaults-file))(?![\w.-]*(?:dir|path|dump|write|save|gen|out|map|check|test|expand|env))([a-zA-Z][\w.-]+)(?:=(.*))?$/;
const fileName = /^(\.{0,2}\/)?[\w.+@/-]+$/;
const fileEnding = /\.(conf|cnf|cfg|config|ya?ml|json|toml|ini|properties|xml|hcl|lua|py)$/;

/** The option of servers that names their configuration; `''` where it is their first plain word. */
const options: Readonly<Record<string, readonly string[]>> = {
  nginx: ['-c'],
  haproxy: ['-f'],
  mosquitto: ['-c'],
  unbound: ['-c'],
  named: ['-c'],
  dnsmasq: ['-C'],
  sshd: ['-f'],
  lighttpd: ['-f'],
  httpd: ['-f'],
  apache2: ['-f'],
  squid: ['-f'],
  chronyd: ['-f'],
  rsyslogd: ['-f'],
  tor: ['-f'],
  supervisord: ['-c'],
  gunicorn: ['-c'],
  'fluent-bit': ['-c'],
  fluentd: ['-c'],
  envoy: ['-c'],
  'nats-server': ['-c'],
  coredns: ['-conf'],
  'php-fpm': ['-y'],
  dovecot: ['-c'],
  monit: ['-c'],
  'redis-server': [''],
  'redis-sentinel': [''],
  'valkey-server': [''],
  pgbouncer: [''],
  stunnel: [''],
  vsftpd: [''],
};

/** The files that a command line names as its program's configuration. */
export function configurationsIn(argv: readonly string[]): readonly Configuration[] {
  const found: Configuration[] = [];
  const at = argv.findIndex((word) => nameOf(word) in options);
  const known = options[nameOf(argv[at] ?? '')] ?? [];
  for (const [index, word] of argv.entries()) {
    const next = argv[index + 1] ?? '';
    const [, name, value = next] = longOption.exec(word) ?? [];
    if (name !== undefined && index > 0 && isFileName(value)) found.push({ path: value, option: `--${name}` });
    else if (at !== -1 && index > at && known.includes(word) && fileName.test(next))
      found.push({ path: next, option: word });
  }
  const first = argv[at + 1] ?? '';
  if (known.includes('') && (first.startsWith('/') || fileEnding.test(first))) found.push({ path: first, option: '' });
  return found.map(({ path, option }) => ({ path, option: option === '' ? 'its first argument' : option }));
}

const nameOf = (word: string): string => baseName(imagePath(word)).replace(/^(php-fpm)[\d.]*$/, '$1');

const isFileName = (value: string): boolean =>
  fileName.test(value) && !value.endsWith('/') && (value.startsWith('/') || fileEnding.test(value));
