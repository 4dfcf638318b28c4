import type { Process } from '../programs.ts';
import type { Setting } from '../setting.ts';
import type { Problem } from '../verdict.ts';
import { launch } from './launch.ts';
import { type OptionRules, takeOptions } from './options.ts';

interface Plain extends OptionRules {
  /** Words between the options and the program. */
  readonly operands?: number;
}

/** Programs that start what follows their options in their own place, or as their child, and change nothing that counts. */
const launchers: readonly (readonly [RegExp, Plain])[] = [
  [/^(tini(-static)?(-\w+)?|docker-init)$/, { short: 'pe' }],
  [/^dumb-init(_[\w.]+)?$/, { short: 'r', long: ['rewrite'] }],
  [/^(catatonit|nohup|setsid|linux64|linux32)$/, {}],
  [/^nice$/, { short: 'n', long: ['adjustment'] }],
  [/^timeout$/, { short: 'ks', long: ['kill-after', 'signal'], operands: 1 }],
  [/^stdbuf$/, { short: 'ioe', long: ['input', 'output', 'error'] }],
  [/^ionice$/, { short: 'cn', long: ['class', 'classdata'] }],
  [/^chrt$/, { short: 'TPD', long: ['sched-runtime', 'sched-period', 'sched-deadline'], operands: 1 }],
  [/^taskset$/, { operands: 1 }],
  [/^time$/, { short: 'fo', long: ['format', 'output'] }],
  [/^strace$/, { short: 'abeEIoOpPsSuUX' }],
  [/^numactl$/, { short: 'iCmNpPw' }],
  [/^s6-envdir$/, { operands: 1 }],
];

/** Options after which they do something else than to start a program. */
const otherUse = new Set(['help', 'version', 'h', 'V']);
const ownProcesses: Readonly<Record<string, readonly string[]>> = {
  ionice: ['p', 'pid', 'P', 'pgid', 'u', 'uid'],
  chrt: ['p', 'pid', 'm', 'max'],
  taskset: ['p', 'pid'],
};

export const isPlainLauncher = (name: string): boolean => launchers.some(([names]) => names.test(name));

export function followPlain(name: string) {
  const rules = launchers.find(([names]) => names.test(name))?.[1] ?? {};
  return async (setting: Setting, started: Process): Promise<Problem | undefined> => {
    const { values, rest } = takeOptions(started.argv.slice(1), rules);
    const isOther = [...values.keys()].some((option) => otherUse.has(option) || ownProcesses[name]?.includes(option));
    if (isOther && name !== 'strace') return undefined;
    const isEmpty = rest.length === 0 && name === 'nice';
    return isEmpty
      ? undefined
      : launch(setting, started, { argv: rest.slice(rules.operands ?? 0), missing: 'program-missing' });
  };
}
