import type { Rule, Wish } from '../rule.ts';

/** What the kernel starts in place of a script, and the program that `env` finds for it. */
export const interpreters: Rule = {
  name: 'interpreter',
  async wishesOf(subject, scene) {
    const program = await subject.recognised();
    if (program.kind !== 'script') return [];
    const { interpreter, argument } = program;
    if (interpreter === undefined) return [];
    const level = subject.role === 'helper' && !isShellLine(interpreter, argument) ? 'possible' : 'needed';
    const wishes: Wish[] = [{ path: interpreter, level, detail: `#!${interpreter}`, role: 'program', mustExist: true }];
    const name = /(^|\/)env$/.test(interpreter) ? commandOf(argument) : undefined;
    if (name === undefined) return wishes;
    const path = name.startsWith('/') ? name : await scene.findCommand(name);
    const detail = `#!${interpreter} ${argument}`;
    wishes.push({ path: path ?? name, level, detail, role: 'program', mustExist: true });
    return wishes;
  },
};

/** A whole language for a script that may never be called is too much. */
const isShellLine = (interpreter: string, argument = ''): boolean =>
  /(^|\/)(sh|bash|dash|ash)$/.test(/\/env$/.test(interpreter) ? argument : interpreter);

/** The command in the argument of env: behind -S, other options and assignments. */
const commandOf = (argument: string | undefined): string | undefined =>
  argument
    ?.replace(/^-S\s*|^--split-string=/, '')
    .trim()
    .split(/\s+/)
    .find((word) => !word.startsWith('-') && !word.includes('='));
