import { Lexer, type Token } from './lexer.ts';

/** A word of a script as it stands there. */
export interface ShellWord {
  readonly raw: string;
}

export interface Redirection {
  /** `>`, `>>`, `<`, `>&`, … */
  readonly operator: string;
  readonly target: ShellWord | undefined;
}

/** The grammar of POSIX shells (XCU 2.10) with what bash adds, as far as it decides what is run. */
export type ShellNode =
  | {
      readonly kind: 'command';
      readonly assignments: readonly ShellWord[];
      readonly words: readonly ShellWord[];
      readonly redirections: readonly Redirection[];
    }
  | { readonly kind: 'pipeline'; readonly parts: readonly ShellNode[]; readonly isNegated: boolean }
  | { readonly kind: 'and' | 'or'; readonly left: ShellNode; readonly right: ShellNode }
  | { readonly kind: 'list'; readonly items: readonly ShellNode[] }
  | { readonly kind: 'background'; readonly body: ShellNode }
  | { readonly kind: 'subshell' | 'group'; readonly body: ShellNode }
  | {
      readonly kind: 'if';
      readonly clauses: readonly { readonly condition: ShellNode; readonly body: ShellNode }[];
      readonly otherwise: ShellNode | undefined;
    }
  | { readonly kind: 'while' | 'until'; readonly condition: ShellNode; readonly body: ShellNode }
  /** Without `in`, the words are the arguments. */
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly ShellWord[] | undefined;
      readonly body: ShellNode;
    }
  | { readonly kind: 'case'; readonly word: ShellWord; readonly items: readonly CaseItem[] }
  | { readonly kind: 'function'; readonly name: string; readonly body: ShellNode }
  /** `[[ … ]]`, all words between. */
  | { readonly kind: 'test'; readonly words: readonly ShellWord[] }
  /** `(( … ))` and what is not understood: nothing is known of its status. */
  | { readonly kind: 'other' };

export interface CaseItem {
  readonly patterns: readonly ShellWord[];
  readonly body: ShellNode;
}

/** Deeper than any script that people write. */
const deepest = 60;
const mostCharacters = 4_000_000;
const reserved = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}', 'in']);
const separators = new Set([';', '\n', '&']);

/** undefined for a text that is no script, or one too large or deep to follow. */
export function parseShell(text: string): ShellNode | undefined {
  try {
    return new Parser(text).script();
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

class Parser {
  readonly #lexer: Lexer;
  readonly #budget = { left: mostCharacters };
  #token: Token | undefined;
  #depth = 0;

  constructor(text: string) {
    this.#lexer = new Lexer(text, () => undefined, this.#budget);
    this.#token = this.#lexer.next();
  }

  script(): ShellNode {
    const items = this.#list(new Set());
    if (this.#token !== undefined || this.#budget.left < 0) throw new NotUnderstood();
    return items;
  }

  #advance(): Token {
    const token = this.#token;
    if (token === undefined) throw new NotUnderstood();
    this.#token = this.#lexer.next();
    return token;
  }

  #isOperator(...texts: readonly string[]): boolean {
    return this.#token?.kind === 'operator' && texts.includes(this.#token.text);
  }

  #isWord(...raws: readonly string[]): boolean {
    return this.#token?.kind === 'word' && raws.includes(this.#token.raw);
  }

  #expect(raw: string): void {
    if (!this.#isWord(raw)) throw new NotUnderstood();
    this.#advance();
  }

  #expectOperator(text: string): void {
    if (!this.#isOperator(text)) throw new NotUnderstood();
    this.#advance();
  }

  #skipNewlines(): void {
    while (this.#isOperator('\n')) this.#advance();
  }

  /** Commands up to one of these words, a closing bracket, the end of a case item or of the text. */
  #list(ends: ReadonlySet<string>): ShellNode {
    if (++this.#depth > deepest) throw new NotUnderstood();
    const items: ShellNode[] = [];
    for (;;) {
      while (this.#isOperator('\n', ';')) this.#advance();
      const token = this.#token;
      if (token === undefined || this.#isOperator(')', ';;', ';&', ';;&')) break;
      if (token.kind === 'word' && (ends.has(token.raw) || reserved.has(token.raw))) break;
      const item = this.#andOr();
      if (this.#isOperator('&')) items.push({ kind: 'background', body: item });
      else items.push(item);
      if (this.#token?.kind !== 'operator' || !separators.has(this.#token.text)) break;
      this.#advance();
    }
    this.#depth--;
    return { kind: 'list', items };
  }

  #andOr(): ShellNode {
    let left = this.#pipeline();
    while (this.#isOperator('&&', '||')) {
      const kind = this.#isOperator('&&') ? 'and' : 'or';
      this.#advance();
      this.#skipNewlines();
      left = { kind, left, right: this.#pipeline() };
    }
    return left;
  }

  #pipeline(): ShellNode {
    let isNegated = false;
    while (this.#isWord('!')) {
      this.#advance();
      isNegated = !isNegated;
    }
    const parts = [this.#command()];
    while (this.#isOperator('|', '|&')) {
      this.#advance();
      this.#skipNewlines();
      parts.push(this.#command());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined && !isNegated ? only : { kind: 'pipeline', parts, isNegated };
  }

  #command(): ShellNode {
    const compound = this.#compound();
    if (compound === undefined) return this.#simple();
    this.#redirections();
    return compound;
  }

  #compound(): ShellNode | undefined {
    if (this.#isOperator('(')) return this.#brackets();
    const word = this.#token?.kind === 'word' ? this.#token.raw : undefined;
    switch (word) {
      case '{':
        return this.#group();
      case 'if':
        return this.#if();
      case 'while':
      case 'until':
        return this.#while(word);
      case 'for':
      case 'select':
        return this.#for();
      case 'case':
        return this.#case();
      case 'function':
        return this.#function();
      case '[[':
        return this.#test();
      default:
        return undefined;
    }
  }

  #brackets(): ShellNode {
    this.#advance();
    if (this.#isOperator('(')) return this.#arithmetic();
    const body = this.#list(new Set());
    this.#expectOperator(')');
    return { kind: 'subshell', body };
  }

  #arithmetic(): ShellNode {
    for (let depth = 1; depth > 0; ) {
      const token = this.#advance();
      if (token.kind === 'operator' && token.text === '(') depth++;
      if (token.kind === 'operator' && token.text === ')') depth--;
      if (depth === 1 && this.#isOperator(')')) depth--;
    }
    this.#expectOperator(')');
    return { kind: 'other' };
  }

  #group(): ShellNode {
    this.#advance();
    const body = this.#list(new Set(['}']));
    this.#expect('}');
    return { kind: 'group', body };
  }

  #if(): ShellNode {
    const clauses: { condition: ShellNode; body: ShellNode }[] = [];
    do {
      this.#advance();
      const condition = this.#list(new Set(['then']));
      this.#expect('then');
      clauses.push({ condition, body: this.#list(new Set(['elif', 'else', 'fi'])) });
    } while (this.#isWord('elif'));
    let otherwise: ShellNode | undefined;
    if (this.#isWord('else')) {
      this.#advance();
      otherwise = this.#list(new Set(['fi']));
    }
    this.#expect('fi');
    return { kind: 'if', clauses, otherwise };
  }

  #while(kind: 'while' | 'until'): ShellNode {
    this.#advance();
    const condition = this.#list(new Set(['do']));
    return { kind, condition, body: this.#body() };
  }

  #body(): ShellNode {
    this.#expect('do');
    const body = this.#list(new Set(['done']));
    this.#expect('done');
    return body;
  }

  #for(): ShellNode {
    this.#advance();
    if (this.#isOperator('(')) {
      this.#advance();
      this.#expectOperator('(');
      this.#arithmeticRest();
      return { kind: 'while', condition: { kind: 'other' }, body: this.#body() };
    }
    const name = this.#advance();
    this.#skipNewlines();
    const words = this.#isWord('in') ? this.#words() : undefined;
    while (this.#isOperator(';', '\n')) this.#advance();
    return { kind: 'for', name: name.text, words, body: this.#body() };
  }

  #arithmeticRest(): void {
    while (!this.#isOperator(')')) this.#advance();
    this.#advance();
    this.#expectOperator(')');
    while (this.#isOperator(';', '\n')) this.#advance();
  }

  #words(): ShellWord[] {
    this.#advance();
    const words: ShellWord[] = [];
    while (this.#token?.kind === 'word') words.push(this.#word());
    return words;
  }

  #word(): ShellWord {
    const token = this.#advance();
    if (token.kind !== 'word') throw new NotUnderstood();
    return { raw: token.raw };
  }

  #case(): ShellNode {
    this.#advance();
    const word = this.#word();
    this.#skipNewlines();
    this.#expect('in');
    const items: CaseItem[] = [];
    for (;;) {
      while (this.#isOperator('\n', ';', ';;', ';&', ';;&')) this.#advance();
      if (this.#isWord('esac')) break;
      items.push(this.#caseItem());
    }
    this.#advance();
    return { kind: 'case', word, items };
  }

  #caseItem(): CaseItem {
    if (this.#isOperator('(')) this.#advance();
    const patterns = [this.#word()];
    while (this.#isOperator('|')) {
      this.#advance();
      patterns.push(this.#word());
    }
    this.#expectOperator(')');
    return { patterns, body: this.#list(new Set(['esac'])) };
  }

  #function(): ShellNode {
    this.#advance();
    const name = this.#word().raw;
    if (this.#isOperator('(')) {
      this.#advance();
      this.#expectOperator(')');
    }
    return this.#functionBody(name);
  }

  #functionBody(name: string): ShellNode {
    this.#skipNewlines();
    const body = this.#command();
    return { kind: 'function', name, body };
  }

  #test(): ShellNode {
    this.#advance();
    const words: ShellWord[] = [];
    while (!this.#isWord(']]')) {
      const token = this.#advance();
      words.push({ raw: token.kind === 'word' ? token.raw : token.text });
    }
    this.#advance();
    return { kind: 'test', words };
  }

  #simple(): ShellNode {
    const assignments: ShellWord[] = [];
    const words: ShellWord[] = [];
    const redirections: Redirection[] = [];
    for (let token = this.#token; token !== undefined; token = this.#token) {
      if (token.kind === 'operator' && /[<>]/.test(token.text)) {
        if (token.glued && /^\d+$/.test(words.at(-1)?.raw ?? '')) words.pop();
        redirections.push(this.#redirection());
        continue;
      }
      if (token.kind === 'operator' && token.text === '(' && words.length === 1 && assignments.length === 0) {
        this.#advance();
        this.#expectOperator(')');
        return this.#functionBody(words[0]?.raw ?? '');
      }
      if (token.kind === 'operator') break;
      this.#advance();
      const isAssignment = words.length === 0 && /^[A-Za-z_]\w*\+?=/.test(token.raw);
      (isAssignment ? assignments : words).push({ raw: token.raw });
      if (isAssignment && /=$/.test(token.raw) && this.#isOperator('(')) this.#array();
    }
    if (words.length + assignments.length + redirections.length === 0) throw new NotUnderstood();
    return { kind: 'command', assignments, words, redirections };
  }

  /** bash's `A=(…)`: what is in it is not followed. */
  #array(): void {
    this.#advance();
    while (!this.#isOperator(')')) this.#advance();
    this.#advance();
  }

  #redirection(): Redirection {
    const operator = this.#advance().text;
    if (operator === '<<' || operator === '<<-') return { operator, target: undefined };
    return { operator, target: this.#word() };
  }

  #redirections(): void {
    while (this.#token?.kind === 'operator' && /[<>]/.test(this.#token.text)) this.#redirection();
    if (this.#token?.kind !== 'word' || !/^\d+$/.test(this.#token.raw)) return;
    this.#advance();
    if (!this.#isOperator('>', '>>', '<', '>&', '<&', '>|', '<>')) throw new NotUnderstood();
    this.#redirections();
  }
}
