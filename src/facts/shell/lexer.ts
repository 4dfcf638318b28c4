import { cut, outputOf } from './values.ts';

/** A word of a shell script after expansion of what is known without running it, or an operator. */
export type Token =
  | {
      readonly kind: 'word';
      readonly text: string;
      /** false when a part of it is only known at run time; that part is missing from `text`. */
      readonly known: boolean;
      /** false when some of it was quoted: it is no keyword then. */
      readonly bare: boolean;
      /** As it stands in the script. */
      readonly raw: string;
      /** The variable's name, when the word is just that: `$PAGER`, `"${PAGER}"`. */
      readonly variable: string | undefined;
    }
  | {
      readonly kind: 'operator';
      readonly text: string;
      /** Whether nothing stands between it and what is before: the 2 of `2>` is no word then. */
      readonly glued: boolean;
    };

const blank = ' \t\r';
const operatorStarts = '\n;&|()<>';
/** In one here document: a body of nothing else must not take for ever. */
const mostNested = 200;
const wordEnds = blank + operatorStarts;

/**
 * Cuts a POSIX or bash script into words and operators. Scripts inside it (`$(…)`, backticks, `<(…)`) are
 * collected in `nested`. Faults of the script are not found: whatever it says, the lexer comes to an end.
 */
export class Lexer {
  /** Scripts that stood in substitutions, to be scanned like the whole. */
  readonly nested: string[] = [];
  /** Variables that `${NAME:=value}` sets. */
  readonly assigned = new Map<string, string>();
  readonly #text: string;
  readonly #budget: { left: number };
  readonly #lookUp: (name: string) => string | undefined;
  #at = 0;
  /** Whether all of the word that is being read is known. */
  #known = true;
  readonly #heredocs: { delimiter: string; quoted: boolean; tabs: boolean }[] = [];

  /** @param budget characters that may still be read, by this one and all that are made for what is nested. */
  constructor(text: string, lookUp: (name: string) => string | undefined, budget: { left: number }) {
    this.#text = text;
    this.#lookUp = lookUp;
    this.#budget = budget;
  }

  next(): Token | undefined {
    this.#skipBlanks();
    const character = this.#text[this.#at];
    if (character === undefined || this.#budget.left-- < 0) return undefined;
    if ((character === '<' || character === '>') && this.#text[this.#at + 1] === '(') {
      this.#at += 2;
      this.nested.push(this.#untilClosing('(', ')'));
      return { kind: 'word', text: '', known: false, bare: false, raw: '$()', variable: undefined };
    }
    return operatorStarts.includes(character) ? this.#operator(character) : this.#word();
  }

  /** What follows a case pattern: the text up to and with its `)`, or undefined at `esac`. */
  skipPattern(): boolean {
    this.#skipBlanks();
    while (this.#text[this.#at] === '\n' || this.#text[this.#at] === ';') {
      this.#at++;
      this.#skipBlanks();
    }
    if (/^esac\b/.test(this.#text.slice(this.#at, this.#at + 5))) return false;
    if (this.#text[this.#at] === '(') this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== ')') {
      if (this.#operatorStart() && this.#text[this.#at] !== '|') this.#at++;
      else if (this.#text[this.#at] === '|' || blank.includes(this.#text[this.#at] ?? '')) this.#at++;
      else this.#word();
    }
    this.#at++;
    return true;
  }

  /** Whether `()` follows, as in a function's definition; it is consumed then. */
  takesParentheses(): boolean {
    const match = /^[ \t]*\([ \t]*\)/.exec(this.#text.slice(this.#at, this.#at + 40));
    if (match === null) return false;
    this.#at += match[0].length;
    return true;
  }

  #operatorStart(): boolean {
    return operatorStarts.includes(this.#text[this.#at] ?? ' ');
  }

  #skipBlanks(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) return;
      if (blank.includes(character)) this.#at++;
      else if (character === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2;
      else if (character === '#') this.#at = this.#lineEnd();
      else return;
    }
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end === -1 ? this.#text.length : end;
  }

  #operator(character: string): Token {
    const start = this.#at;
    if (character === '\n') {
      this.#at++;
      this.#skipHeredocs();
      return { kind: 'operator', text: '\n', glued: false };
    }
    const length = /^(<<-|<<<|&>>|;;&|&&|\|\||\|&|;;|;&|<<|>>|<&|>&|<>|>\||&>)/.exec(
      this.#text.slice(start, start + 3),
    )?.[0].length;
    this.#at += length ?? 1;
    const text = this.#text.slice(start, this.#at);
    if (text === '<<' || text === '<<-') this.#noteHeredoc(text === '<<-');
    return { kind: 'operator', text, glued: start > 0 && !`${blank}\n`.includes(this.#text[start - 1] ?? ' ') };
  }

  #noteHeredoc(tabs: boolean): void {
    this.#skipBlanks();
    const match = /^(?:"([^"\n]*)"|'([^'\n]*)'|\\?([^\s;&|<>()]+))/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (match === null) return;
    this.#at += match[0].length;
    const quoted = match[3] === undefined || match[0].startsWith('\\');
    this.#heredocs.push({ delimiter: match[1] ?? match[2] ?? match[3] ?? '', quoted, tabs });
  }

  #skipHeredocs(): void {
    for (const { delimiter, quoted, tabs } of this.#heredocs.splice(0)) {
      const start = this.#at;
      for (;;) {
        if (this.#at >= this.#text.length) break;
        const line = this.#text.slice(this.#at, this.#lineEnd());
        const end = this.#at;
        this.#at = Math.min(this.#lineEnd() + 1, this.#text.length);
        if ((tabs ? line.replace(/^\t+/, '') : line) === delimiter) {
          if (!quoted) this.#nestedIn(this.#text.slice(start, end));
          break;
        }
      }
    }
  }

  /** Collects the scripts in a text that is not cut into words. */
  #nestedIn(body: string): void {
    let found = 0;
    for (const match of body.matchAll(/\$\(|`/g)) {
      if (++found > mostNested || this.#budget.left < 0) return;
      if (match[0] === '`' && (body.slice(0, match.index).split('`').length - 1) % 2 === 1) continue;
      const inner = new Lexer(body.slice(match.index), this.#lookUp, this.#budget);
      inner.next();
      this.nested.push(...inner.nested);
    }
  }

  #word(): Token {
    let text = '';
    let bare = true;
    const start = this.#at;
    this.#known = true;
    while (this.#at < this.#text.length && !wordEnds.includes(this.#text[this.#at] ?? '')) {
      const character = this.#text[this.#at] ?? '';
      if (character === "'" || character === '"' || character === '\\') bare = false;
      text += this.#part(character);
    }
    if (this.#at === start) this.#at++;
    this.#budget.left -= this.#at - start;
    const raw = this.#text.slice(start, this.#at);
    const variable = /^"?\$\{?([A-Za-z_]\w*)\}?"?$/.exec(raw)?.[1];
    return { kind: 'word', text, known: this.#known, bare, raw, variable };
  }

  /** What one character or quotation or expansion of a word comes to; nothing for what is only known at run time. */
  #part(character: string): string {
    if (character === '\\') {
      this.#at += 2;
      const escaped = this.#text[this.#at - 1] ?? '';
      return escaped === '\n' ? '' : escaped;
    }
    if (character === "'") return this.#singleQuoted();
    if (character === '"') return this.#doubleQuoted();
    if (character === '`') return this.#backticks();
    if (character === '$') return this.#expansion();
    this.#at++;
    return character;
  }

  #orUnknown(value: string | undefined): string {
    if (value === undefined) this.#known = false;
    return value ?? '';
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    const text = this.#text.slice(this.#at + 1, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#text.length : end + 1;
    return text;
  }

  #doubleQuoted(): string {
    let text = '';
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const character = this.#text[this.#at] ?? '';
      text += character === "'" ? character : this.#part(character);
      if (character === "'") this.#at++;
    }
    this.#at++;
    return text;
  }

  #backticks(): string {
    const start = ++this.#at;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '`')
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    this.#budget.left -= this.#at - start;
    const inner = this.#text.slice(start, this.#at).replace(/\\([`$\\"])/g, '$1');
    this.#at++;
    return this.#substituted(inner);
  }

  #substituted(inner: string): string {
    this.nested.push(inner);
    return this.#orUnknown(outputOf(inner, this.#lookUp));
  }

  #expansion(): string {
    const rest = this.#text.slice(this.#at + 1, this.#at + 3);
    if (rest === '((') {
      this.#at += 3;
      this.#untilClosing('(', ')');
      this.#at++;
      return this.#orUnknown(undefined);
    }
    if (rest[0] === '(') {
      this.#at += 2;
      return this.#substituted(this.#untilClosing('(', ')'));
    }
    if (rest[0] === '{') {
      this.#at += 2;
      return this.#orUnknown(this.#parameter(this.#untilClosing('{', '}')));
    }
    const name = /^[A-Za-z_]\w*|^[\d@*#?$!-]/.exec(this.#text.slice(this.#at + 1, this.#at + 100))?.[0] ?? '';
    this.#at += 1 + name.length;
    return name === '' ? '$' : this.#orUnknown(this.#lookUp(name));
  }

  /** `${NAME}`, `${NAME%suffix}` and its like, and `${NAME:-default}` where the name is unknown. */
  #parameter(inside: string): string | undefined {
    const [, name = '', operator = '', word = ''] = /^([A-Za-z_]\w*|0)(:?[-=]|%%?|##?)?([\s\S]*)$/.exec(inside) ?? [];
    if (inside.includes('$(') || inside.includes('`')) this.#nestedIn(inside);
    const known = name === '' ? undefined : this.#lookUp(name);
    const value = known === '' && operator.startsWith(':') ? undefined : known;
    if (word === '' && operator === '') return value;
    if (operator.startsWith('%') || operator.startsWith('#')) return value && cut(value, operator, word);
    if (operator === '') return undefined;
    if (value === undefined && operator.endsWith('=') && /^[\w./+-]+$/.test(word)) this.assigned.set(name, word);
    return value ?? (/[$`"'\\]/.test(word) ? undefined : word);
  }

  /** The text up to the bracket that closes the one just read, which is consumed; quotations are passed over. */
  #untilClosing(open: string, close: string): string {
    const start = this.#at;
    for (let depth = 1; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] ?? '';
      if (character === '\\') this.#at++;
      else if (character === "'" && open === '(') this.#at = closingQuote(this.#text, this.#at);
      else if (character === open) depth++;
      else if (character === close && --depth === 0) break;
    }
    this.#budget.left -= this.#at - start;
    return this.#text.slice(start, this.#at++);
  }
}

/** Where the single quote opened at `at` closes; `at` itself when it does not on the same line or the next few. */
function closingQuote(text: string, at: number): number {
  const end = text.indexOf("'", at + 1);
  return end === -1 ? at : end;
}
