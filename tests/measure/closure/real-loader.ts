import { spawn, spawnSync } from 'node:child_process';

/** What a real loader said of one file. */
export interface RealAnswer {
  /** Names in the order printed, with the paths that were opened; the loader itself has no arrow. */
  readonly objects: readonly { readonly requested: string; readonly path: string }[];
  /** Names that it did not find. */
  readonly missing: readonly string[];
  /** `GLIBC_2.38 of /lib/libc.so.6, required by /app`, as far as it tells. */
  readonly versions: readonly string[];
  /** Everything else that it printed. */
  readonly remarks: readonly string[];
}

export interface Question {
  readonly loader: string;
  readonly file: string;
}

const marker = '@@osless@@';

/**
 * Asks the loaders of `root`, chrooted there where it is not the machine's own root, without any environment.
 * glibc is asked by LD_TRACE_LOADED_OBJECTS, which unlike --list goes on after what it misses.
 */
export async function askLoaders(
  root: string,
  flavour: 'glibc' | 'musl',
  questions: readonly Question[],
): Promise<RealAnswer[]> {
  const output = await runAll(commandFor(root, flavour), questions);
  const answers = output.split(`${marker}\n`).slice(1);
  if (answers.length !== questions.length) {
    throw new Error(`${questions.length} questions, ${answers.length} answers: ${output.slice(0, 500)}`);
  }
  return answers.map((answer) => parseAnswer(answer));
}

/**
 * Asks a loader for one program in an environment. busybox, which is static, enters the tree, so that the loader's
 * variables reach only the loader.
 */
export function askLoaderIn(
  root: string,
  flavour: 'glibc' | 'musl',
  env: readonly string[],
  question: Question,
): RealAnswer {
  const variables = flavour === 'glibc' ? [...env, 'LD_TRACE_LOADED_OBJECTS=1'] : env;
  const own = Object.fromEntries(
    variables.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  const list = flavour === 'musl' ? ['--list'] : [];
  const { stdout, stderr } = spawnSync('/bin/busybox', ['chroot', root, question.loader, ...list, question.file], {
    env: own,
    encoding: 'utf8',
  });
  return parseAnswer(`${stdout}${stderr}`);
}

/** The command lines, for the reader of the figures. */
export function commandFor(root: string, flavour: 'glibc' | 'musl'): readonly string[] {
  // musl's tree has no shell: each loader is entered on its own. glibc's variable must not reach chroot itself.
  const enter = root === '/' ? [] : ['chroot', root];
  const ask =
    flavour === 'glibc'
      ? 'LD_TRACE_LOADED_OBJECTS=1 "$loader" "$file" 2>&1'
      : `${enter.join(' ')} "$loader" --list "$file" 2>&1`;
  const loop = `while read -r loader && read -r file; do echo ${marker}; ${ask}; done`;
  return [
    'env',
    '-i',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    ...(flavour === 'glibc' ? enter : []),
    '/bin/sh',
    '-c',
    loop,
  ];
}

function runAll(command: readonly string[], questions: readonly Question[]): Promise<string> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stdin.end(questions.map(({ loader, file }) => `${loader}\n${file}\n`).join(''));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(parts).toString('utf8')));
  });
}

function parseAnswer(text: string): RealAnswer {
  const objects: { requested: string; path: string }[] = [];
  const missing: string[] = [];
  const versions: string[] = [];
  const remarks: string[] = [];
  for (const line of text.split('\n').filter((part) => part !== '')) {
    const [, requested, path] = /^\t(.+?) (?:=> (.+?) )?\(0x[0-9a-f]+\)$/.exec(line) ?? [];
    const [, absent] = /^\t(.+) => not found$/.exec(line) ?? /^Error loading shared library (.+?): /.exec(line) ?? [];
    const [, library, version, by] = /^.*?: (.+): version [`'](.+)' not found \(required by (.+)\)$/.exec(line) ?? [];
    if (requested !== undefined) objects.push({ requested, path: path ?? requested });
    else if (absent !== undefined) missing.push(absent);
    else if (version !== undefined) versions.push(`${version} of ${library}, required by ${by}`);
    else remarks.push(line.trim());
  }
  return { objects, missing, versions, remarks };
}
