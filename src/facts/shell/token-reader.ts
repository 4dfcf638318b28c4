import { Lexer, type Token } from './lexer.ts';
import type { Redirection, ShellWord } from './node.ts';

const mostCharacters = 4_000_000;

/** What is no script, or one too large or deep to follow. */
export class NotUnderstood extends Error {}

/** Takes a script's tokens one by one, with a look at the next. */
export class TokenReader {
  readonly #lexer: Lexer;
  readonly #budget = { left: mostCharacters };
  #token: Token | undefined;

  constructor(text: string) {
    this.#lexer = new Lexer(text, () => undefined, this.#budget);
    this.#token = this.#lexer.next();
  }

  /** Whether the text was larger than what is read. */
  get isCut(): boolean {
    return this.#budget.left < 0;
  }

  get token(): Token | undefined {
    return this.#token;
  }

  advance(): Token {
    const token = this.#token;
    if (token === undefined) throw new NotUnderstood();
    this.#token = this.#lexer.next();
    return token;
  }

  isOperator(...texts: readonly string[]): boolean {
    return this.#token?.kind === 'operator' && texts.includes(this.#token.text);
  }

  isWord(...raws: readonly string[]): boolean {
    return this.#token?.kind === 'word' && raws.includes(this.#token.raw);
  }

  expect(raw: string): void {
    if (!this.isWord(raw)) throw new NotUnderstood();
    this.advance();
  }

  expectOperator(text: string): void {
    if (!this.isOperator(text)) throw new NotUnderstood();
    this.advance();
  }

  skipNewlines(): void {
    while (this.isOperator('\n')) this.advance();
  }

  words(): ShellWord[] {
    this.advance();
    const words: ShellWord[] = [];
    while (this.#token?.kind === 'word') words.push(this.word());
    return words;
  }

  word(): ShellWord {
    const token = this.advance();
    if (token.kind !== 'word') throw new NotUnderstood();
    return { raw: token.raw };
  }

  redirection(): Redirection {
    const operator = this.advance().text;
    if (operator === '<<' || operator === '<<-') return { operator, target: undefined };
    return { operator, target: this.word() };
  }

  redirections(): void {
    while (this.#token?.kind === 'operator' && /[<>]/.test(this.#token.text)) this.redirection();
    if (this.#token?.kind !== 'word' || !/^\d+$/.test(this.#token.raw)) return;
    this.advance();
    if (!this.isOperator('>', '>>', '<', '>&', '<&', '>|', '<>')) throw new NotUnderstood();
    this.redirections();
  }
}
