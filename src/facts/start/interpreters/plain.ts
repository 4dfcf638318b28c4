import { type OptionRules, takeOptions } from '../launchers/options.ts';
import type { Process } from '../programs.ts';
import type { Setting } from '../setting.ts';
import { isProblem, type Problem } from '../verdict.ts';
import { openScript } from './script-file.ts';

interface Plain extends OptionRules {
  /** Options after which there is no file, but a text or standard input. */
  readonly instead: readonly string[];
  /** Words before the file: `run` of `deno run`. */
  readonly verb?: string;
  /** The option whose value is the file. */
  readonly file?: string;
}

/** Interpreters that open one file and of whose libraries nothing is asked. */
const interpreters: readonly (readonly [RegExp, Plain])[] = [
  [
    /^php[\d.]*$/,
    {
      short: 'cdfFBREStzr',
      long: ['run', 'file', 'define', 'php-ini', 'server', 'docroot'],
      instead: ['r', 'B', 'R', 'E', 'S', 'i', 'm', 'v', 'run', 'server', 'info', 'modules', 'version'],
      file: 'f',
    },
  ],
  [/^(lua|luajit)[\d.]*$/, { short: 'elW', instead: ['v'] }],
  [/^tclsh[\d.]*$/, { instead: [] }],
  [/^Rscript$/, { short: 'eg', instead: ['e', 'version', 'help'] }],
  [/^([gmn]?awk|original-awk)$/, { short: 'Fvf', instead: [], file: 'f' }],
  [
    /^deno$/,
    {
      verb: 'run',
      short: 'cL',
      long: ['config', 'import-map', 'lock', 'log-level', 'location', 'seed'],
      instead: ['v', 'version'],
    },
  ],
];

export const isPlainInterpreter = (name: string): boolean => interpreters.some(([names]) => names.test(name));

export function followPlainInterpreter(name: string) {
  const rules: Plain = interpreters.find(([names]) => names.test(name))?.[1] ?? { instead: [] };
  return async (setting: Setting, started: Process): Promise<Problem | undefined> => {
    const words = started.argv.slice(1);
    if (rules.verb !== undefined && words[0] !== rules.verb) return undefined;
    const { values, rest } = takeOptions(rules.verb === undefined ? words : words.slice(1), rules);
    if (rules.instead.some((option) => values.has(option))) return undefined;
    const file =
      rules.file === undefined ? rest[0] : (values.get(rules.file) ?? (/awk/.test(name) ? undefined : rest[0]));
    if (file === undefined || file === '-' || /^(https?|npm|jsr|data):/.test(file)) return undefined;
    const opened = await openScript(setting, started, file);
    return isProblem(opened) ? opened : undefined;
  };
}
