import { cut } from './values.ts';

/**
 * What a shell knows when it expands a word. null: not set; undefined: not known.
 * Members of arrays are asked for as `NAME[index]`, their number as `#NAME[@]`.
 */
export interface Variables {
  valueOf(name: string): string | null | undefined;
  /** `$1` and those after it; undefined where they are not known. */
  readonly args: readonly string[] | undefined;
  /** What `$(script)` prints, without the newlines at its end. */
  outputOf(script: string): Promise<string | undefined>;
  /** What `${NAME:=word}` sets. */
  assign?(name: string, value: string | undefined): void;
}

export interface Field {
  /** undefined where some of it is only known at run time. */
  readonly text: string | undefined;
  /** The same with quoted characters behind backslashes, for those who match by it. */
  readonly pattern: string;
  /** Whether an unquoted `*`, `?` or `[` stands in it. */
  readonly isGlob: boolean;
}

/** What a word comes to: several fields or none, where it is split. */
export interface Fields {
  readonly fields: readonly Field[];
  /** false where even their number is only known at run time. */
  readonly isExact: boolean;
}

const longest = 65_536;
/** Of one word: `"$@"` with more is no command line. */
const mostFields = 5000;
const deepest = 12;

/**
 * Expands a word as a shell does before it runs a command (XCU 2.6): parameters, substitutions, splitting, quotes.
 * Paths are not expanded; `isGlob` says that they would be.
 */
export async function expandWord(raw: string, variables: Variables, depth = 0): Promise<Fields> {
  const expansion = new Expansion(raw, variables, depth);
  await expansion.all();
  return expansion.result();
}

/** The same where no splitting takes place: in assignments and after `case`. undefined for what is not known. */
export async function expandText(raw: string, variables: Variables): Promise<string | undefined> {
  const expansion = new Expansion(raw, variables, 0, false);
  await expansion.all();
  const { fields, isExact } = expansion.result();
  if (!isExact || fields.some(({ text }) => text === undefined)) return undefined;
  return fields.map(({ text }) => text).join(' ');
}

class Expansion {
  readonly #raw: string;
  readonly #variables: Variables;
  readonly #depth: number;
  readonly #splits: boolean;
  readonly #fields: Field[] = [];
  #at = 0;
  #field: { text: string; pattern: string; known: boolean; isGlob: boolean } | undefined;
  #isExact = true;

  constructor(raw: string, variables: Variables, depth: number, splits = true) {
    this.#raw = raw;
    this.#variables = variables;
    this.#depth = depth;
    this.#splits = splits;
  }

  result(): Fields {
    this.#endField();
    return { fields: this.#fields, isExact: this.#isExact };
  }

  async all(): Promise<void> {
    if (this.#depth > deepest) return this.#unknown(false);
    const home = /^~(?=\/|$)/.test(this.#raw) ? this.#variables.valueOf('HOME') : undefined;
    if (typeof home === 'string') {
      this.#add(home, true);
      this.#at = 1;
    }
    while (this.#at < this.#raw.length) await this.#part(false);
  }

  async #part(isQuoted: boolean): Promise<void> {
    const character = this.#raw[this.#at] ?? '';
    if (character === '\\') {
      const next = this.#raw[this.#at + 1] ?? '';
      this.#at += 2;
      if (next === '\n') return;
      this.#add(isQuoted && !/[$`"\\]/.test(next) ? `\\${next}` : next, true);
    } else if (character === "'" && !isQuoted) this.#singleQuoted();
    else if (character === '"') await this.#doubleQuoted();
    else if (character === '`') await this.#backticks(isQuoted);
    else if (character === '$') await this.#dollar(isQuoted);
    else this.#plain(isQuoted);
  }

  /** All up to the next character that means something. */
  #plain(isQuoted: boolean): void {
    const special = isQuoted ? /["$`\\]/g : /["'$`\\]/g;
    special.lastIndex = this.#at + 1;
    const end = special.exec(this.#raw)?.index ?? this.#raw.length;
    this.#add(this.#raw.slice(this.#at, end), isQuoted);
    this.#at = end;
  }

  #singleQuoted(): void {
    const end = this.#raw.indexOf("'", this.#at + 1);
    this.#add(this.#raw.slice(this.#at + 1, end === -1 ? undefined : end), true);
    this.#at = end === -1 ? this.#raw.length : end + 1;
  }

  async #doubleQuoted(): Promise<void> {
    this.#at++;
    const isAllArguments = /^\$(@|\{@\})"/.test(this.#raw.slice(this.#at, this.#at + 5));
    if (!isAllArguments) this.#add('', true);
    while (this.#at < this.#raw.length && this.#raw[this.#at] !== '"') await this.#part(true);
    this.#at++;
  }

  async #backticks(isQuoted: boolean): Promise<void> {
    const start = ++this.#at;
    while (this.#at < this.#raw.length && this.#raw[this.#at] !== '`') this.#at += this.#raw[this.#at] === '\\' ? 2 : 1;
    const script = this.#raw.slice(start, this.#at++).replace(/\\([`$\\])/g, '$1');
    this.#insert(await this.#variables.outputOf(script), isQuoted);
  }

  async #dollar(isQuoted: boolean): Promise<void> {
    const rest = this.#raw.slice(this.#at + 1);
    if (rest.startsWith('((')) return this.#bracketed('(', ')', () => this.#unknown(isQuoted));
    if (rest.startsWith('(')) {
      return this.#bracketed('(', ')', async (script) =>
        this.#insert(await this.#variables.outputOf(script), isQuoted),
      );
    }
    if (rest.startsWith('{')) return this.#bracketed('{', '}', (inside) => this.#parameter(inside, isQuoted));
    if (rest.startsWith("'") && !isQuoted) {
      this.#at++;
      return this.#singleQuoted();
    }
    const name = /^(?:[A-Za-z_]\w*|[\d@*#?$!-])/.exec(rest.slice(0, 200))?.[0];
    this.#at += 1 + (name?.length ?? 0);
    if (name === undefined) return this.#add('$', isQuoted);
    this.#named(name, isQuoted);
  }

  /** Calls back with what stands in the brackets behind `$`. */
  async #bracketed(open: string, close: string, then: (inside: string) => void | Promise<void>): Promise<void> {
    const start = this.#at + 2;
    let depth = 0;
    for (this.#at++; this.#at < this.#raw.length; this.#at++) {
      const character = this.#raw[this.#at] ?? '';
      if (character === '\\') this.#at++;
      else if (character === "'" && open === '(') this.#at = closing(this.#raw, this.#at);
      else if (character === open) depth++;
      else if (character === close && --depth === 0) break;
    }
    await then(this.#raw.slice(start, this.#at++));
  }

  #named(name: string, isQuoted: boolean): void {
    if (name === '@' || name === '*') this.#arguments(name, isQuoted);
    else this.#insert(this.#valueOf(name), isQuoted);
  }

  #valueOf(name: string): string | null | undefined {
    const { args } = this.#variables;
    if (name === '#') return args === undefined ? undefined : String(args.length);
    if (/^[1-9]\d*$/.test(name)) return args === undefined ? undefined : (args[Number(name) - 1] ?? null);
    return this.#variables.valueOf(name);
  }

  #arguments(name: string, isQuoted: boolean): void {
    const { args } = this.#variables;
    if (args === undefined) this.#unknown(false);
    else if (name === '*' && isQuoted) this.#add(args.join(' '), true);
    else {
      args.forEach((arg, at) => {
        if (at > 0) this.#endField();
        if (isQuoted) this.#add(arg, true);
        else this.#insert(arg, false);
      });
    }
  }

  async #parameter(inside: string, isQuoted: boolean): Promise<void> {
    const length = /^#([A-Za-z_]\w*(?:\[@\])?|\d+)$/.exec(inside);
    if (length !== null) {
      const [, name = ''] = length;
      if (name.endsWith(']')) return this.#insert(this.#valueOf(`#${name}`), isQuoted);
      const value = this.#valueOf(name);
      return this.#insert(value === undefined ? undefined : String((value ?? '').length), isQuoted);
    }
    const [, name = '', operator = '', word = ''] =
      /^([A-Za-z_]\w*(?:\[[^\]]*\])?|\d+|[@*#?$!-])(:?[-=+?]|%%?|##?)?([\s\S]*)$/.exec(inside) ?? [];
    if (operator === '' && word !== '') return this.#insert(changed(this.#valueOf(name), word), isQuoted);
    if (name === '') return this.#unknown(isQuoted);
    if (operator === '') return this.#named(name, isQuoted);
    const value = name === '@' || name === '*' ? this.#variables.args?.join(' ') : this.#valueOf(name);
    if (operator.startsWith('%') || operator.startsWith('#')) return this.#cut(value, operator, word, isQuoted);
    if (value === undefined) return this.#unknown(isQuoted);
    const isUnset = value === null || (operator.startsWith(':') && value === '');
    if (operator.endsWith('+')) return isUnset ? undefined : this.#word(word, isQuoted);
    if (!isUnset) return name === '@' ? this.#arguments('@', isQuoted) : this.#insert(value, isQuoted);
    if (operator.endsWith('?')) return this.#unknown(isQuoted);
    if (operator.endsWith('=')) this.#variables.assign?.(name, await expandText(word, this.#variables));
    await this.#word(word, isQuoted);
  }

  async #word(word: string, isQuoted: boolean): Promise<void> {
    const inner = await expandWord(
      isQuoted ? `"${word.replace(/^"|"$/g, '')}"` : word,
      this.#variables,
      this.#depth + 1,
    );
    if (!inner.isExact) return this.#unknown(false);
    inner.fields.forEach(({ text }, at) => {
      if (at > 0) this.#endField();
      if (text === undefined) this.#unknown(true);
      else this.#add(text, true);
    });
  }

  async #cut(value: string | null | undefined, operator: string, word: string, isQuoted: boolean): Promise<void> {
    const pattern = await expandText(word, this.#variables);
    if (value === undefined || pattern === undefined) return this.#unknown(isQuoted);
    this.#insert(value === null ? null : cut(value, operator, pattern), isQuoted);
  }

  /** A value: cut at blanks where it is not quoted. */
  #insert(value: string | null | undefined, isQuoted: boolean): void {
    if (value === null) return;
    if (value === undefined) this.#unknown(isQuoted);
    else if (isQuoted || !this.#splits) this.#add(value, isQuoted);
    else this.#addParts(value.split(/[ \t\n]+/));
  }

  #addParts(parts: readonly string[]): void {
    parts.forEach((part, at) => {
      if (at > 0) this.#endField();
      if (part !== '') this.#add(part, false);
    });
  }

  #unknown(isQuoted: boolean): void {
    this.#add('', true);
    if (this.#field !== undefined) this.#field.known = false;
    if (!isQuoted && this.#splits) this.#isExact = false;
  }

  #add(text: string, isQuoted: boolean): void {
    this.#field ??= { text: '', pattern: '', known: true, isGlob: false };
    if (this.#field.text.length + text.length > longest) this.#field.known = false;
    if (!this.#field.known) return;
    this.#field.text += text;
    this.#field.pattern += isQuoted ? text.replace(/[*?[\]\\]/g, '\\$&') : text;
    this.#field.isGlob ||= !isQuoted && /[*?[]/.test(text);
  }

  #endField(): void {
    if (this.#field === undefined) return;
    const { text, known, pattern, isGlob } = this.#field;
    if (this.#fields.length >= mostFields) this.#isExact = false;
    else this.#fields.push({ text: known ? text : undefined, pattern, isGlob });
    this.#field = undefined;
  }
}

/** bash's `${NAME:from:length}`, `${NAME^^}` and `${NAME,,}`; undefined for all else. */
function changed(value: string | null | undefined, change: string): string | null | undefined {
  if (typeof value !== 'string') return value === null && /^(:\s*\d|\^\^|,,)/.test(change) ? null : undefined;
  const [, from, length] = /^:\s*(\d+)(?::\s*(\d+))?$/.exec(change) ?? [];
  if (from !== undefined)
    return value.slice(Number(from), length === undefined ? undefined : Number(from) + Number(length));
  if (change === '^^') return value.toUpperCase();
  return change === ',,' ? value.toLowerCase() : undefined;
}

function closing(text: string, at: number): number {
  const end = text.indexOf("'", at + 1);
  return end === -1 ? at : end;
}
