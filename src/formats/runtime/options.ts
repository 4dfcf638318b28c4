import { Fault, imagePath } from '../../kit/index.ts';
import type { BindMount, TmpfsMount } from './mounts.ts';
import type { Rlimit } from './types.ts';

/** `-v HOST:CONTAINER[:ro,…]`; a relative HOST (`./data`) is taken from `cwd`. @throws {Fault} OPTION_INVALID */
export function parseBind(text: string, cwd: string): BindMount {
  const [source = '', target, options = '', ...more] = text.split(':');
  if (target === undefined || more.length > 0)
    throw invalid('-v', text, 'Write it as HOST:CONTAINER or HOST:CONTAINER:ro.');
  if (!/^(\/|\.\.?(\/|$))/.test(source)) {
    throw invalid('-v', text, 'Volumes with names are not kept yet: begin the host path with / or ./.');
  }
  if (!target.startsWith('/') || imagePath(target) === '/') {
    throw invalid('-v', text, 'The path in the container is absolute, and not / itself.');
  }
  return {
    source: source.startsWith('/') ? source : `${cwd}/${source}`,
    target: imagePath(target),
    ...bindOptions(text, options),
  };
}

const passedOver = new Set(['', 'rw', 'z', 'Z', 'nocopy', 'consistent', 'cached', 'delegated']);
const propagations = ['rprivate', 'private', 'rslave', 'slave', 'rshared', 'shared'] as const;

function bindOptions(text: string, options: string): Pick<BindMount, 'readOnly' | 'propagation'> {
  const words = options.split(',');
  const unknown = words.find((word) => word !== 'ro' && !passedOver.has(word) && !isPropagation(word));
  if (unknown !== undefined)
    throw invalid('-v', text, 'What may stand last is ro, rw, or how mounts below spread (rslave).');
  return { readOnly: words.includes('ro'), propagation: words.find(isPropagation) ?? 'rprivate' };
}

const isPropagation = (word: string): word is BindMount['propagation'] =>
  propagations.some((propagation) => propagation === word);

/** `--tmpfs CONTAINER[:OPTION,…]`. @throws {Fault} OPTION_INVALID */
export function parseTmpfs(text: string): TmpfsMount {
  const colon = text.indexOf(':');
  const target = colon === -1 ? text : text.slice(0, colon);
  const options =
    colon === -1
      ? []
      : text
          .slice(colon + 1)
          .split(',')
          .filter((option) => option !== '');
  if (!target.startsWith('/') || imagePath(target) === '/') {
    throw invalid('--tmpfs', text, 'The path is absolute, and not / itself.');
  }
  return { target: imagePath(target), options };
}

const unitBytes: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const leastMemoryBytes = 6 * 2 ** 20;

/** `--memory 64m`, in units of 1024; undefined for 0, which is no limit. @throws {Fault} OPTION_INVALID */
export function parseMemory(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([bkmgt]?)(?:i?b)?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * (unitBytes[unit.toLowerCase()] ?? Number.NaN));
  if (number === '' || !Number.isSafeInteger(bytes)) throw invalid('--memory', text, 'Write it as 64m or 1.5g.');
  if (bytes === 0) return undefined;
  if (bytes < leastMemoryBytes) throw invalid('--memory', text, 'The least is 6m.');
  return bytes;
}

/** `--cpus 0.5`; undefined for 0, which is no limit. @throws {Fault} OPTION_INVALID */
export function parseCpus(text: string): number | undefined {
  const cpus = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (cpus === 0) return undefined;
  if (cpus >= 0.01 && cpus <= 100_000) return cpus;
  throw invalid('--cpus', text, 'Write it as 0.5 or 2; the least is 0.01.');
}

/** `--pids-limit 100`; undefined for 0 and -1, which are no limit. @throws {Fault} OPTION_INVALID */
export function parsePids(text: string): number | undefined {
  if (text === '-1' || text === '0') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalid('--pids-limit', text, 'It is a whole number; -1 is no limit.');
}

const limitNames =
  /^(as|core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime|sigpending|stack)$/;

/** `--ulimit nofile=1024:4096`. @throws {Fault} OPTION_INVALID */
export function parseUlimit(text: string): Rlimit {
  const [, name = '', soft = '', hard = soft] = /^([a-z]+)=(-1|\d{1,15})(?::(-1|\d{1,15}))?$/.exec(text) ?? [];
  // runtime-spec has unsigned 64-bit numbers; all that a double cannot say exactly stands for unlimited.
  const number = (digits: string) => (digits === '-1' ? 2 ** 53 - 1 : Number(digits));
  if (!limitNames.test(name) || number(soft) > number(hard)) {
    throw invalid('--ulimit', text, 'Write it as NAME=SOFT:HARD, as in nofile=1024:4096.');
  }
  return { type: `RLIMIT_${name.toUpperCase()}`, soft: number(soft), hard: number(hard) };
}

export interface SecurityOptions {
  readonly noNewPrivileges: boolean;
  readonly seccomp: 'default' | 'unconfined';
}

/** `--security-opt` of docker, as far as it is known here. @throws {Fault} OPTION_INVALID */
export function parseSecurity(texts: readonly string[]): SecurityOptions {
  const known = /^(no-new-privileges([=:](true|false))?|seccomp[=:](unconfined|builtin)|(apparmor|label)[=:].*)$/;
  const unknown = texts.find((text) => !known.test(text));
  if (unknown !== undefined) {
    throw invalid('--security-opt', unknown, 'Known are no-new-privileges and seccomp=unconfined.');
  }
  return {
    noNewPrivileges: texts.some((text) => text.startsWith('no-new-privileges') && !text.endsWith('false')),
    seccomp: texts.some((text) => /^seccomp[=:]unconfined$/.test(text)) ? 'unconfined' : 'default',
  };
}

/**
 * The lines of an `--env-file`, as `NAME=value` or `NAME` (the caller's own value).
 * @throws {Fault} OPTION_INVALID for a name with white space, or none.
 */
export function parseEnvFile(text: string): readonly string[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').trimStart());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      if (/^[^=\s]+(=|\s*$)/.test(line)) return line.includes('=') ? line : line.trimEnd();
      throw invalid('--env-file', line, 'Each line is NAME=value; a name has no white space.');
    });
}

const invalid = (flag: string, text: string, hint: string): Fault =>
  new Fault('OPTION_INVALID', `${flag} ${JSON.stringify(text.slice(0, 200))} is not understood`, { hint });
