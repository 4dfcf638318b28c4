import type { Found, Rule, Scene } from '../../rule.ts';
import { exists, findCommand } from './ask.ts';
import { constantsOf, goFunctionOf, wordIn } from './code.ts';
import { commandsOfScript } from './script-commands.ts';
import { withSeen } from './with-seen.ts';
import { isLengthed, isStaticC, type Work } from './work.ts';

const shellCallers = ['system', 'popen', 'wordexp'];
const callers = [
  ...['execl', 'execle', 'execlp', 'execv', 'execve', 'execvp', 'execvpe', 'posix_spawn', 'posix_spawnp'],
  ...['g_spawn_async', 'g_spawn_sync', 'g_spawn_command_line_sync'],
];
/** Programs whose everyday use goes through a shell. */
const liveOnShell = /^(make|gmake|crond?|supercronic|watch|parallel|entr|inotifywait|script|expect|man|sshd|getty)$/;
const commandPath = /^\/((usr\/)?(local\/)?s?bin|opt\/[\w.-]+\/s?bin)\/[\w.+-]+$/;
/** Names that are a command wherever they stand alone or before options. */
const common = new Set(
  `git curl wget tar gzip gunzip unzip zip xz bzip2 ssh scp rsync openssl ffmpeg ffprobe convert identify python python3
  perl node java ruby php bash ps ip ifconfig netstat ss iptables ping nslookup dig jq yq ls cat cp mv rm mkdir chmod chown
  uname hostname date grep sed awk find sort sqlite3 psql mysql redis-cli pg_dump mysqldump gs pdftotext sendmail`.split(
    /\s+/,
  ),
);

/** Those that are words of English too: only options or paths after them make a command. */
const words = new Set(['find', 'sort', 'date', 'convert', 'identify', 'cat', 'hostname', 'dig', 'ping']);

export const lateCommandMissing: Rule = {
  code: 'late-command-missing',
  severity: 'degrades',
  title: 'The program starts another program, or the shell, that is not in the image.',
  sees: [
    'Go: exec: "git": executable file not found in $PATH',
    'Node: Error: spawn /bin/sh ENOENT',
    "Python: FileNotFoundError: [Errno 2] No such file or directory: 'git'",
    'C: system() and popen() give exit code 127',
    'sh: git: not found',
    'git: error: cannot run less: No such file or directory',
  ],
  why: 'system, popen and the functions of other languages that take a whole command line start /bin/sh, which images without an operating system do not have; others look a program up in PATH. Neither stands among the libraries of the program, so that nothing notices before it is called.',
  fix: 'Bring the command (and the shell, where system or popen start it), or call a function of a library instead.',
  dockerfile: 'COPY --from=busybox:1.36-musl /bin/busybox /bin/sh',
  judge: (scene) =>
    withSeen(scene, 'late-command-missing', { ofImages: [commandsOfScript], ofPrograms: [commandsOfProgram] }),
};

async function commandsOfProgram(scene: Scene, work: Work): Promise<readonly Found[]> {
  const shell =
    work.importsAny(shellCallers) ??
    (await closedCaller(work)) ??
    (liveOnShell.test(work.name) ? 'for each command' : undefined);
  if (shell !== undefined && (await findCommand(scene, '/bin/sh')) === undefined) {
    const isSure = work.isSmall || liveOnShell.test(work.name);
    return [
      {
        severity: isSure ? 'degrades' : 'notes',
        says: `${work.program.path} starts the shell (${shell}), and the image has no /bin/sh`,
        missing: ['/bin/sh'],
        about: { caller: shell, program: work.program.path },
      },
    ];
  }
  if (isLengthed(work)) return commandsOfCode(scene, work);
  const caller = shell ?? work.importsAny(callers);
  if (caller === undefined || !work.isSmall) return [];
  const short = await wordIn(scene, work.program, shortNames);
  const texts = [...(await work.program.strings()), ...(short === undefined ? [] : [short])];
  return namedCommands(scene, work, { caller, texts });
}

/** In a static program system(3) leaves the shell's name, and with glibc what it asks that for: whether it is there. */
async function closedCaller(work: Work): Promise<string | undefined> {
  if (!isStaticC(work) || !work.isSmall) return undefined;
  const strings = await work.program.strings();
  const isGlibc = strings.has('/etc/ld.so.cache');
  return strings.has('/bin/sh') && (!isGlibc || strings.has('exit 0')) ? 'system' : undefined;
}

/** Too short for a string, and hardly there by accident. */
const shortNames = ['git', 'tar', 'zip', 'ssh', 'scp', 'php', 'sed', 'awk'];
/** Words that stand in net, net/http and time as constants. */
const goWords = /^(ssh|ip|gzip|date|uname|zip|tar|sort|ps|chown|chmod|hostname|node|rm)$/;

/** exec.LookPath alone asks whether a command is there. */
const goCallers = ['os/exec.Command', 'os/exec.CommandContext', 'os.StartProcess'];

async function commandsOfCode(scene: Scene, work: Work): Promise<readonly Found[]> {
  const caller = work.language === 'go' ? await goFunctionOf(scene, work.program, goCallers) : work.importsAny(callers);
  if (!work.isSmall || caller === undefined) return [];
  const texts = [...(await constantsOf(scene, work.program))].filter((text) => !goWords.test(text));
  return namedCommands(scene, work, { caller, texts });
}

interface Calls {
  readonly caller: string;
  readonly texts: Iterable<string>;
}

/** Commands in the strings of a small program that starts others. */
async function namedCommands(scene: Scene, work: Work, { caller, texts }: Calls): Promise<readonly Found[]> {
  const found = new Map<string, Found>();
  for (const text of texts) {
    const name = commandIn(text);
    if (name === undefined || found.has(name)) continue;
    const isThere = name.startsWith('/') ? await exists(scene, name) : (await findCommand(scene, name)) !== undefined;
    if (isThere) continue;
    found.set(name, {
      says: `${work.program.path} starts ${name} (${caller}), which the image does not have`,
      missing: [name],
      about: { caller, program: work.program.path, command: name },
    });
  }
  return [...found.values()];
}

function commandIn(text: string): string | undefined {
  const [, first = '', rest = ''] = /^([\w./+-]+)(\s.*)?$/.exec(text) ?? [];
  if (commandPath.test(first)) return first;
  const isLine = rest === '' || (words.has(first) ? /^\s+[-/.%"'>|&]/ : /^\s+[-/.\w%"'>|&]/).test(rest);
  return common.has(first) && isLine ? first : undefined;
}
