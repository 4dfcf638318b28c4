import { parentPath } from '../../../kit/index.ts';
import type { Process } from '../programs.ts';
import { type Setting, variableOf } from '../setting.ts';
import { isProblem, type Problem, problem } from '../verdict.ts';
import { incomplete, isFile, namesIn, noteModule, openScript, textOf } from './script-file.ts';

interface CommandLine {
  readonly file: string | undefined;
  readonly text: string | undefined;
  readonly includes: readonly string[];
  readonly modules: readonly string[];
  readonly isOther: boolean;
}

/** What perl does: it compiles a script, and with it all that the script uses. */
export async function followPerl(setting: Setting, started: Process): Promise<Problem | undefined> {
  if (started.script !== undefined && /^-[^0aACcdDeEfFghiIlmMnpsStTuUvVwWxX\s\r-]|^--./.test(started.argument ?? '')) {
    return problem('shebang-args', `perl does not know the option ${started.argument} of ${started.script.path}`, {
      subject: started.script.path,
    });
  }
  const { file, text, includes, modules, isOther } = commandLine(started.argv.slice(1));
  if (isOther) return undefined;
  if (text !== undefined || file === undefined || file === '-') {
    return moduleProblem(setting, started, {
      used: [...modules, ...usedModules(text ?? '')],
      includes,
      script: undefined,
    });
  }
  const script = await openScript(setting, started, file);
  if (isProblem(script)) return script;
  const own = await textOf(script.node);
  if (own === undefined) return undefined;
  const uses = { used: [...modules, ...usedModules(own)], includes, script: script.path };
  return (
    (await moduleProblem(setting, started, uses)) ??
    checkRequired(setting, started, { ...uses, used: requiredModules(own) })
  );
}

function commandLine(words: readonly string[]): CommandLine {
  const includes: string[] = [];
  const modules: string[] = [];
  const nothing = { file: undefined, text: undefined, includes, modules, isOther: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return { ...nothing, file: words[at + 1] };
    if (!word.startsWith('-') || word === '-') return { ...nothing, file: word };
    const [, flags = '', option, attached = ''] = /^-([^eEIMmxvVhF]*)([eEIMmxvVhF])?([\s\S]*)$/.exec(word) ?? [];
    if (/S/.test(flags) || /[vVhx]/.test(option ?? '')) return { ...nothing, isOther: true };
    const takesNext = /[eEI]/.test(option ?? '') && attached === '';
    const value = takesNext ? (words[++at] ?? '') : attached;
    if (option === 'e' || option === 'E') return { ...nothing, text: value };
    if (option === 'I') includes.push(value);
    if (option === 'M' || option === 'm') modules.push(value.replace(/^-/, '').replace(/=.*/, ''));
  }
  return nothing;
}

/** What comes with perl and every script uses: without them its runtime is not whole. */
const core =
  /^(strict|warnings|utf8|vars|lib|feature|constant|Carp|Exporter|Config|POSIX|File::(Basename|Spec|Path|Temp)|Getopt::Long|Data::Dumper|Scalar::Util|List::Util|IO::(File|Handle|Socket)|Cwd|Encode|overload|integer|parent|base|Socket|Time::HiRes|Fcntl|Errno)$/;
const mostModules = 200;

/** Packages of `use` at the left margin; none where the script says where else to look. */
function usedModules(text: string): string[] {
  const code = text.replace(/^__(END|DATA)__[\s\S]*/m, '').replace(/^=[a-z][\s\S]*?^=cut/gm, '');
  if (!usesKnownPaths(code)) return [];
  const used: string[] = [];
  for (const [, name = ''] of code.matchAll(/^use\s+([A-Za-z_]\w*(?:::\w+)*)/gm)) {
    if (used.length < mostModules && !/^v\d/.test(name)) used.push(name);
  }
  return used;
}

/** No other directories, and no texts that look like code. */
const usesKnownPaths = (code: string): boolean =>
  !/^\s*use\s+lib\b|@INC|\bFindBin\b|\brequire\s+lib\b|<<\s*["'~A-Z]/m.test(code);

interface Uses {
  readonly used: readonly string[];
  readonly includes: readonly string[];
  readonly script: string | undefined;
}

async function moduleProblem(
  setting: Setting,
  started: Process,
  { used, includes, script }: Uses,
): Promise<Problem | undefined> {
  if (used.length === 0) return undefined;
  const folders = await foldersOf(setting, started, includes);
  for (const name of used) {
    if (await hasModule(setting, folders, name)) continue;
    if (core.test(name)) return incomplete(started, `${name.replaceAll('::', '/')}.pm`, 'a module that comes with it');
    noteModule(setting, script ?? 'perl -e', name);
    return undefined;
  }
  return undefined;
}

/** `require` at the left margin: the script has begun by then. */
function requiredModules(text: string): string[] {
  if (!usesKnownPaths(text)) return [];
  return [...text.matchAll(/^require\s+([A-Z]\w*(?:::\w+)*)\s*;/gm)].map(([, name = '']) => name).slice(0, mostModules);
}

async function checkRequired(setting: Setting, started: Process, { used, includes, script }: Uses): Promise<undefined> {
  const folders = used.length === 0 ? [] : await foldersOf(setting, started, includes);
  for (const name of used) {
    if (await hasModule(setting, folders, name)) continue;
    noteModule(setting, script ?? 'perl', name);
    return;
  }
}

async function hasModule(setting: Setting, folders: readonly string[], name: string): Promise<boolean> {
  for (const folder of folders) if (await isFile(setting, `${folder}/${name.replaceAll('::', '/')}.pm`)) return true;
  return false;
}

const roots = [
  ...['/etc/perl', '/usr/share/perl', '/usr/share/perl5', '/usr/lib/perl', '/usr/lib/perl5', '/usr/lib64/perl5'],
  ...['/usr/local/lib/perl5', '/usr/local/lib64/perl5', '/usr/local/share/perl', '/usr/local/share/perl5'],
  '/usr/local/lib/site_perl',
];
/** Versions, machines and kinds. */
const innerNames = /^(\d[\d.]*|.*-linux.*|(core|site|vendor)_perl)$/;
const deepest = 3;

/** The directories of @INC as distributions have them, with what variables and options add: rather more than perl searches. */
async function foldersOf(
  setting: Setting,
  { command }: Process,
  includes: readonly string[],
): Promise<readonly string[]> {
  const prefix = parentPath(parentPath(command.path));
  const added = (variableOf(setting.env, 'PERL5LIB') ?? '').split(':').filter((path) => path !== '');
  const own = ['lib', 'lib/perl5', 'lib/perl', 'lib64/perl5'].map((name) => `${prefix}/${name}`);
  const machines = (await namesIn(setting, '/usr/lib')).filter((name) => name.includes('-linux-'));
  const theirs = machines.flatMap((name) => ['perl', 'perl5', 'perl-base'].map((kind) => `/usr/lib/${name}/${kind}`));
  const waiting = [...includes, ...added, ...roots, ...own, ...theirs].map((path) => ({ path, depth: 0 }));
  const folders = new Set<string>();
  for (let next = waiting.shift(); next !== undefined && folders.size < mostModules; next = waiting.shift()) {
    const { path, depth } = next;
    folders.add(path);
    const inner = depth < deepest ? (await namesIn(setting, path)).filter((name) => innerNames.test(name)) : [];
    waiting.push(...inner.map((name) => ({ path: `${path}/${name}`, depth: depth + 1 })));
  }
  return [...folders];
}
