import { Lexer, type Token } from './lexer.ts';
import { builtins, openers, shells, wrappers, wrapperValues } from './names.ts';

/** What a shell script does with other files, as far as its text tells without running it. */
export interface ShellUse {
  /** Commands that it calls: names, or paths. */
  readonly called: ReadonlySet<string>;
  /** Commands whose presence it asks for (`command -v`, `[ -x`): it can do without. */
  readonly tested: ReadonlySet<string>;
  /** Files that it reads as scripts (`.`, `source`). */
  readonly sourced: ReadonlySet<string>;
  /** Other absolute paths in its words. */
  readonly paths: ReadonlySet<string>;
  /** Absolute paths with `*` or `?`. */
  readonly globs: ReadonlySet<string>;
}

type Word = Extract<Token, { kind: 'word' }>;

const deepest = 12;
const longestValue = 4096;
/** Words of one find that are looked at. */
const mostOptions = 100;
/** Of a script and all that is nested in it, over and over: no real one comes near. */
const mostCharacters = 20_000_000;

/** @param env variables that are known when the script starts; `0` is its own path. */
export function scanShell(text: string, env: Readonly<Record<string, string>> = {}): ShellUse {
  const first = new Scan(env, new Map());
  first.script(text, 0);
  const second = new Scan(env, first.values);
  second.script(text, 0);
  if (/^[ \t]*"\$@"/m.test(text)) second.runArguments();
  for (const name of second.functions) {
    second.called.delete(name);
    second.tested.delete(name);
  }
  return second;
}

class Scan implements ShellUse {
  readonly called = new Set<string>();
  readonly tested = new Set<string>();
  readonly sourced = new Set<string>();
  readonly paths = new Set<string>();
  readonly globs = new Set<string>();
  readonly functions = new Set<string>();
  /** The constants that each variable is set to. */
  readonly values = new Map<string, Set<string>>();
  readonly #firstArguments: (readonly [string, string])[] = [];
  readonly #budget = { left: mostCharacters };
  readonly #env: Readonly<Record<string, string>>;
  readonly #later: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(env: Readonly<Record<string, string>>, later: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#env = env;
    this.#later = later;
  }

  /** For scripts with a function that runs its arguments: `Run more "$@"` calls more. */
  runArguments(): void {
    for (const [name, first] of this.#firstArguments) if (this.functions.has(name)) this.called.add(first);
  }

  script(text: string, depth: number): void {
    if (depth > deepest || this.#budget.left < 0) return;
    const lexer = new Lexer(text, (name) => this.#valueOf(name), this.#budget);
    let words: Word[] = [];
    const cases: boolean[] = [];
    for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
      if (token.kind === 'word') {
        this.#word(token, words, lexer, cases);
        continue;
      }
      if (isRedirection(token.text)) {
        if (!token.text.startsWith('<<') || token.text === '<<<') this.#target(lexer.next());
        continue;
      }
      this.#command(words, depth);
      words = [];
      if (token.text.startsWith(';;') || token.text === ';&') this.#nextPattern(lexer, cases);
    }
    this.#command(words, depth);
    for (const [name, value] of lexer.assigned) this.#set(name, value);
    for (const inner of lexer.nested) this.script(inner, depth + 1);
  }

  #word(token: Word, words: Word[], lexer: Lexer, cases: boolean[]): void {
    if (words.length > 0) {
      words.push(token);
      if (words[0]?.text === 'function' && words[0].bare) {
        this.functions.add(token.text);
        words.length = 0;
      } else if (
        token.text === 'in' &&
        token.bare &&
        words[0]?.text === 'case' &&
        words[0].bare &&
        words.length === 3
      ) {
        words.length = 0;
        cases.push(true);
        this.#nextPattern(lexer, cases);
      }
      return;
    }
    if (token.bare && openers.has(token.text)) return;
    if (token.bare && lexer.takesParentheses()) this.functions.add(token.text);
    else if (!this.#assigns(token)) words.push(token);
  }

  #nextPattern(lexer: Lexer, cases: boolean[]): void {
    if (cases.length > 0 && !lexer.skipPattern()) cases.pop();
  }

  #target(token: Token | undefined): void {
    if (token?.kind === 'word') this.#path(token);
  }

  #assigns({ text, known, variable }: Word): boolean {
    const [, name, value = ''] = /^([A-Za-z_]\w*)\+?=([\s\S]*)$/.exec(text) ?? [];
    if (name === undefined || variable !== undefined) return false;
    if (known) this.#set(name, value);
    if (value.startsWith('/') && known) this.paths.add(value);
    return true;
  }

  #set(name: string, value: string): void {
    if (value.length > longestValue) return;
    const values = this.values.get(name) ?? new Set();
    values.delete(value);
    values.add(value);
    this.values.set(name, values);
  }

  #valueOf(name: string): string | undefined {
    return last(this.values.get(name)) ?? this.#env[name] ?? last(this.#later.get(name));
  }

  #command(words: readonly Word[], depth: number): void {
    this.#budget.left -= words.length * 10;
    const [first, ...rest] = words;
    if (first === undefined || this.#budget.left < 0) return;
    const keyword = first.bare ? first.text : '';
    this.#eachPath(rest);
    if (keyword === 'for' || keyword === 'select') this.#loop(rest);
    if (/^(for|select|case|function)$/.test(keyword)) return;
    for (const name of this.#namesOf(first)) this.#call(name, rest, depth);
  }

  /** `for NAME in WORDS`: the variable has each of the words once. */
  #loop([name, , ...words]: readonly Word[]): void {
    for (const { text, known } of words) if (known && name !== undefined) this.#set(name.text, text);
  }

  /** A variable as the command may stand for any of the constants that it is set to. */
  #namesOf({ text, known, variable }: Word): string[] {
    const values = variable === undefined ? undefined : (this.#later.get(variable) ?? this.values.get(variable));
    const texts = values === undefined ? [known ? text : completed(text, this.#env['0'])] : [...values];
    return texts.map((one) => one.trim().split(/\s+/)[0] ?? '').filter((name) => /^([\w./+@-]+|\[\[?)$/.test(name));
  }

  #call(name: string, rest: readonly Word[], depth: number): void {
    if (!builtins.has(name)) this.called.add(name);
    if (rest[0]?.known === true && /^[\w./+-]+$/.test(rest[0].text)) this.#firstArguments.push([name, rest[0].text]);
    if (name === '.' || name === 'source') this.#source(rest[0]);
    else if (name === 'eval') this.script(rest.map(({ text }) => text).join(' '), depth + 1);
    else if (name === 'trap') this.script(rest[0]?.text ?? '', depth + 1);
    else if (/^(export|local|readonly|declare|typeset)$/.test(name)) for (const word of rest) this.#assigns(word);
    else if (asksForPresence(name, rest)) this.#asks(rest);
    else if (name === '[' || name === 'test' || name === '[[') this.#test(rest);
    else if (shells.has(name)) this.#shell(rest, depth);
    else if (Object.hasOwn(wrappers, name)) this.#wrapped(name, rest, depth);
    else if (name === 'find' || name === 'start-stop-daemon') this.#optionCommand(rest, depth);
  }

  #asks(rest: readonly Word[]): void {
    for (const word of rest) if (word.known && !word.text.startsWith('-')) this.tested.add(word.text);
  }

  #source(word: Word | undefined): void {
    if (word !== undefined && word.text !== '' && !word.text.endsWith('/')) this.sourced.add(word.text);
  }

  #test(words: readonly Word[]): void {
    words.forEach((word, at) => {
      if (word.text.startsWith('/') && words[at - 1]?.text === '-x') {
        this.paths.delete(word.text);
        this.tested.add(word.text);
      }
    });
  }

  #shell(rest: readonly Word[], depth: number): void {
    const at = rest.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
    if (at !== -1) this.script(rest[at + 1]?.text ?? '', depth + 1);
    else for (const word of rest.slice(0, 1)) if (word.known && word.text.startsWith('/')) this.sourced.add(word.text);
  }

  #wrapped(name: string, rest: readonly Word[], depth: number): void {
    let at = 0;
    for (; at < rest.length; at++) {
      const text = rest[at]?.text ?? '';
      if (wrapperValues.has(text) && name !== 'sudo') at++;
      else if (!text.startsWith('-') && !/^\w+=/.test(text)) break;
    }
    const from = at + (wrappers[name] ?? 0);
    const words = rest.slice(from, from + mostOptions);
    if (words.length > 0 && depth <= deepest)
      this.#command(
        words.map((word) => ({ ...word, bare: false })),
        depth + 1,
      );
  }

  #optionCommand(rest: readonly Word[], depth: number): void {
    rest.slice(0, mostOptions).forEach(({ text }, at) => {
      if (!/^(-exec|-execdir|-ok|--exec|-x|--startas|-a)$/.test(text)) return;
      const words = rest.slice(at + 1, at + 1 + mostOptions);
      if (words.length > 0 && depth <= deepest)
        this.#command(
          words.map((word) => ({ ...word, bare: false })),
          depth + 1,
        );
    });
  }

  #eachPath(words: readonly Word[]): void {
    for (const word of words) this.#path(word);
  }

  #path({ text, known }: Word): void {
    if (!known || !text.includes('/')) return;
    const path = /^(?:--?[\w-]+=|\w+=)?(\/[\w./+@-]+)$/.exec(text)?.[1];
    if (path !== undefined) this.paths.add(path);
    if (/^\/[\w./+@-]*[*?][\w./+@*?-]*$/.test(text)) this.globs.add(text);
  }
}

/** `/usr/lib/x/$NAME` as a command is mostly the one with the script's own name. */
const completed = (text: string, self = ''): string =>
  /^\/.+\/$/.test(text) ? text + self.slice(self.lastIndexOf('/') + 1) : '';

const asksForPresence = (name: string, rest: readonly Word[]): boolean =>
  /^(which|type|hash)$/.test(name) || (name === 'command' && /^-[vV]$/.test(rest[0]?.text ?? ''));

const isRedirection = (operator: string): boolean => /[<>]/.test(operator);

function last(values: ReadonlySet<string> | undefined): string | undefined {
  if (values === undefined) return undefined;
  let latest: string | undefined;
  for (const value of values) latest = value;
  return latest;
}
