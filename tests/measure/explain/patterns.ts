/** What a run shows where a cause is at work: phase or exit code, then what it prints. After causes.md. */
const patterns: Readonly<Record<string, RegExp>> = {
  'no-command': /^engine:no command specified/,
  'os-mismatch': /^engine:.*operating system/,
  'user-not-found': /^engine:unable to find user/,
  'group-not-found': /^engine:unable to find group/,
  'user-invalid': /^engine:.*must be in range/,
  'workdir-invalid': /^engine:.*needs to be an absolute path/,
  'workdir-not-directory': /^engine:.*(is not a directory|too many links)/,
  'mountpoint-conflict': /^runc:.*error mounting/,
  'image-broken': /^engine:unpack:/,
  'entrypoint-missing': /^runc:.*stat .*: (no such file or directory|not a directory)/,
  'entrypoint-not-in-path': /^runc:.*(executable file not found in \$PATH|relative to current directory)/,
  'entrypoint-dangling-symlink': /^runc:.*stat .*: no such file or directory/,
  'entrypoint-symlink-loop': /^runc:.*too many levels of symbolic links/,
  'entrypoint-not-regular': /^runc:.*(permission denied|is a directory)|^exec:.*permission denied/,
  'entrypoint-not-executable': /^runc:.*(permission denied|not found in \$PATH)/,
  'arguments-too-long': /argument list too long/i,
  'entrypoint-permission': /^runc:.*permission denied|^exec:.*(permission denied|operation not permitted)/,
  'shell-missing': /^runc:.*(stat .*: (no such file or directory|not a directory)|not found in \$PATH)/,
  'no-shebang': /^exec:.*exec format error/,
  'foreign-format': /^exec:.*exec format error|^139:/,
  'empty-file': /^exec:.*exec format error/,
  'wrong-architecture':
    /^exec:.*exec format error|^2:.*(not found|syntax error|unexpected)|^(127|126|255|1):.*(No such file|Exec format error|exec format error|not found)/s,
  'elf-corrupt': /^exec:.*(exec format error|input\/output error|invalid argument|cannot allocate memory)|^(139|135):/,
  'elf-not-a-program': /^exec:.*exec format error|^139:/,
  'loader-missing': /^exec:.*(no such file or directory|too many levels)|^(127|1):.*(not found|No such file)/s,
  'loader-elsewhere': /^exec:.*(no such file or directory|too many levels)|^(127|1):.*(not found|No such file)/s,
  'libc-mismatch': /^exec:.*no such file or directory|^(127|1):.*(not found|No such file)/s,
  'loader-not-executable': /^exec:.*permission denied|^126:/,
  'loader-invalid':
    /^exec:.*(input\/output error|corrupted shared library|permission denied|exec format error|invalid argument)|^139:/,
  'interpreter-missing': /^exec:.*no such file or directory|^(127|1):.*(not found|No such file|bad interpreter)/s,
  'interpreter-crlf':
    /^exec:.*no such file or directory|^2:.*([Ii]llegal option|invalid option)|^(127|1|2):.*(can't execute|No such file|invalid option|not found)/s,
  'interpreter-not-executable': /^exec:.*permission denied|^126:/,
  'interpreter-loop': /^exec:.*too many levels of symbolic links/,
  'shebang-invalid': /^exec:.*exec format error/,
  'lib-missing': /^(127|1):.*(cannot open shared object file|Error loading shared library)/s,
  'lib-permission': /^127:.*(Permission denied|cannot open shared object file|Error loading shared library)/s,
  'lib-invalid':
    /^127:.*(invalid ELF header|file too short|cannot read file data|Exec format error|cannot|invalid|only ET_DYN|Is a directory|Error loading)|^(135|139):/s,
  'lib-wrong-arch': /^127:.*(wrong ELF class|cannot open shared object file|Error loading shared library)/s,
  'version-missing': /^1:.*version [`'].*' not found|^127:.*Inconsistency detected/s,
  'libc-loader-skew':
    /^127:.*(Inconsistency detected|undefined symbol|symbol lookup)|^1:.*version [`'].*' not found|^139:/s,
  'symbol-missing': /^127:.*(undefined symbol|symbol not found)/s,
  'cpu-isa': /^127:.*CPU ISA level/s,
  'shebang-args':
    /^2:.*([Ii]llegal option|invalid option|can't open|cannot open)|^(127|126|2):.*(can't execute|No such file|invalid option|not found|can't open|cannot open)|^1:.*(unrecognized option|invalid option)/s,
  'script-unreadable': /^(2|126|127|1):.*[Pp]ermission denied/s,
  'env-program-missing': /^(127|126):.*(can't execute|No such file|not found)/s,
  'shell-command-missing': /^(127|2):.*(not found|No such file)/s,
  'shell-command-denied': /^126:/,
  'program-missing':
    /^[0-9]+:.*(can't open file|cannot open|can't open|No module named|Cannot find module|Unable to access jarfile|Could not find or load main class|Can't open perl script|Could not open input file|No such file|no such file|not found|failed)/s,
  'runtime-incomplete':
    /^[0-9]+:.*(encodings|missing `?server' JVM|Can't locate|initialization of VM|Failed setting boot class path|jvm\.cfg|libjava|init_fs_encoding|cannot load such file)/s,
  'late-lib-missing': /^[0-9]+:/,
  'late-symbol-missing': /^127:.*(undefined symbol|Inconsistency)/s,
  'late-module-missing': /^[0-9]+:/,
  'late-nss-missing': /^[0-9]+:/,
  'late-certs-missing': /^[0-9]+:/,
  'late-tzdata-missing': /^[0-9]+:/,
  'late-command-missing': /^[0-9]+:/,
  'late-data-missing': /^[0-9]+:/,
  'late-file-missing': /^[0-9]+:/,
};

/** Every code of causes.md. */
export const causes: readonly string[] = Object.keys(patterns);

/** Whether a run looks as a run with this cause does. */
export const looksLike = (cause: string, shown: string): boolean => patterns[cause]?.test(shown) ?? false;
