/** Commands that are small and stand in every system: who names one in any way means it. */
export const everyday: ReadonlySet<string> = new Set(
  `awk basename bash cat chgrp chmod chown cmp comm cp cut date dd df diff dirname du echo egrep env expr false fgrep find
  fold getopt grep gunzip gzip head hostname id install join kill ln ls mkdir mkfifo mktemp mv nice nl nproc od paste
  printf ps pwd readlink realpath rm rmdir sed seq sh sha256sum md5sum sleep sort split stat stty sync tail tar tee test
  touch tr true tsort tty uname uniq wc which whoami xargs zcat`.split(/\s+/),
);
