export const builtins = new Set(
  `. : [ [[ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo
  enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf
  pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit
  umask unalias unset wait`.split(/\s+/),
);
export const openers = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'while',
  'until',
  '{',
  '}',
  '!',
  'time',
  'esac',
]);
/** Programs that run the command among their arguments; the number of operands that stand before it. */
export const wrappers: Readonly<Record<string, number>> = {
  exec: 0,
  command: 0,
  builtin: 0,
  nohup: 0,
  nice: 0,
  env: 0,
  sudo: 0,
  xargs: 0,
  setsid: 0,
  stdbuf: 0,
  ionice: 0,
  timeout: 1,
  flock: 1,
  chroot: 1,
  unshare: 0,
  fakeroot: 0,
  time: 0,
  strace: 0,
  runuser: 0,
  setpriv: 0,
  eatmydata: 0,
};
/** Options of wrappers that take the next word. */
export const wrapperValues = new Set([
  '-n',
  '-a',
  '-u',
  '-g',
  '-C',
  '-I',
  '-L',
  '-P',
  '-s',
  '-c',
  '-d',
  '-E',
  '-S',
  '-k',
]);
export const shells = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'ksh',
  'zsh',
  '/bin/sh',
  '/bin/bash',
  '/usr/bin/sh',
  '/usr/bin/bash',
]);
