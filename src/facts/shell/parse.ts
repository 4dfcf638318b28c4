import type { CaseItem, Redirection, ShellNode, ShellWord } from './node.ts';
import { NotUnderstood, TokenReader } from './token-reader.ts';

/** Deeper than any script that people write. */
const deepest = 60;
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

class Parser {
  readonly #reader: TokenReader;
  #depth = 0;

  constructor(text: string) {
    this.#reader = new TokenReader(text);
  }

  script(): ShellNode {
    const items = this.#list(new Set());
    if (this.#reader.token !== undefined || this.#reader.isCut) throw new NotUnderstood();
    return items;
  }

  /** Commands up to one of these words, a closing bracket, the end of a case item or of the text. */
  #list(ends: ReadonlySet<string>): ShellNode {
    if (++this.#depth > deepest) throw new NotUnderstood();
    const items: ShellNode[] = [];
    for (;;) {
      while (this.#reader.isOperator('\n', ';')) this.#reader.advance();
      const token = this.#reader.token;
      if (token === undefined || this.#reader.isOperator(')', ';;', ';&', ';;&')) break;
      if (token.kind === 'word' && (ends.has(token.raw) || reserved.has(token.raw))) break;
      const item = this.#andOr();
      if (this.#reader.isOperator('&')) items.push({ kind: 'background', body: item });
      else items.push(item);
      if (this.#reader.token?.kind !== 'operator' || !separators.has(this.#reader.token.text)) break;
      this.#reader.advance();
    }
    this.#depth--;
    return { kind: 'list', items };
  }

  #andOr(): ShellNode {
    let left = this.#pipeline();
    while (this.#reader.isOperator('&&', '||')) {
      const kind = this.#reader.isOperator('&&') ? 'and' : 'or';
      this.#reader.advance();
      this.#reader.skipNewlines();
      left = { kind, left, right: this.#pipeline() };
    }
    return left;
  }

  #pipeline(): ShellNode {
    let isNegated = false;
    while (this.#reader.isWord('!')) {
      this.#reader.advance();
      isNegated = !isNegated;
    }
    const parts = [this.#command()];
    while (this.#reader.isOperator('|', '|&')) {
      this.#reader.advance();
      this.#reader.skipNewlines();
      parts.push(this.#command());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined && !isNegated ? only : { kind: 'pipeline', parts, isNegated };
  }

  #command(): ShellNode {
    const compound = this.#compound();
    if (compound === undefined) return this.#simple();
    this.#reader.redirections();
    return compound;
  }

  #compound(): ShellNode | undefined {
    if (this.#reader.isOperator('(')) return this.#brackets();
    const word = this.#reader.token?.kind === 'word' ? this.#reader.token.raw : undefined;
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
    this.#reader.advance();
    if (this.#reader.isOperator('(')) return this.#arithmetic();
    const body = this.#list(new Set());
    this.#reader.expectOperator(')');
    return { kind: 'subshell', body };
  }

  #arithmetic(): ShellNode {
    for (let depth = 1; depth > 0; ) {
      const token = this.#reader.advance();
      if (token.kind === 'operator' && token.text === '(') depth++;
      if (token.kind === 'operator' && token.text === ')') depth--;
      if (depth === 1 && this.#reader.isOperator(')')) depth--;
    }
    this.#reader.expectOperator(')');
    return { kind: 'other' };
  }

  #group(): ShellNode {
    this.#reader.advance();
    const body = this.#list(new Set(['}']));
    this.#reader.expect('}');
    return { kind: 'group', body };
  }

  #if(): ShellNode {
    const clauses: { condition: ShellNode; body: ShellNode }[] = [];
    do {
      this.#reader.advance();
      const condition = this.#list(new Set(['then']));
      this.#reader.expect('then');
      clauses.push({ condition, body: this.#list(new Set(['elif', 'else', 'fi'])) });
    } while (this.#reader.isWord('elif'));
    let otherwise: ShellNode | undefined;
    if (this.#reader.isWord('else')) {
      this.#reader.advance();
      otherwise = this.#list(new Set(['fi']));
    }
    this.#reader.expect('fi');
    return { kind: 'if', clauses, otherwise };
  }

  #while(kind: 'while' | 'until'): ShellNode {
    this.#reader.advance();
    const condition = this.#list(new Set(['do']));
    return { kind, condition, body: this.#body() };
  }

  #body(): ShellNode {
    this.#reader.expect('do');
    const body = this.#list(new Set(['done']));
    this.#reader.expect('done');
    return body;
  }

  #for(): ShellNode {
    this.#reader.advance();
    if (this.#reader.isOperator('(')) {
      this.#reader.advance();
      this.#reader.expectOperator('(');
      this.#arithmeticRest();
      return { kind: 'while', condition: { kind: 'other' }, body: this.#body() };
    }
    const name = this.#reader.advance();
    this.#reader.skipNewlines();
    const words = this.#reader.isWord('in') ? this.#reader.words() : undefined;
    while (this.#reader.isOperator(';', '\n')) this.#reader.advance();
    return { kind: 'for', name: name.text, words, body: this.#body() };
  }

  #arithmeticRest(): void {
    while (!this.#reader.isOperator(')')) this.#reader.advance();
    this.#reader.advance();
    this.#reader.expectOperator(')');
    while (this.#reader.isOperator(';', '\n')) this.#reader.advance();
  }

  #case(): ShellNode {
    this.#reader.advance();
    const word = this.#reader.word();
    this.#reader.skipNewlines();
    this.#reader.expect('in');
    const items: CaseItem[] = [];
    for (;;) {
      while (this.#reader.isOperator('\n', ';', ';;', ';&', ';;&')) this.#reader.advance();
      if (this.#reader.isWord('esac')) break;
      items.push(this.#caseItem());
    }
    this.#reader.advance();
    return { kind: 'case', word, items };
  }

  #caseItem(): CaseItem {
    if (this.#reader.isOperator('(')) this.#reader.advance();
    const patterns = [this.#reader.word()];
    while (this.#reader.isOperator('|')) {
      this.#reader.advance();
      patterns.push(this.#reader.word());
    }
    this.#reader.expectOperator(')');
    return { patterns, body: this.#list(new Set(['esac'])) };
  }

  #function(): ShellNode {
    this.#reader.advance();
    const name = this.#reader.word().raw;
    if (this.#reader.isOperator('(')) {
      this.#reader.advance();
      this.#reader.expectOperator(')');
    }
    return this.#functionBody(name);
  }

  #functionBody(name: string): ShellNode {
    this.#reader.skipNewlines();
    const body = this.#command();
    return { kind: 'function', name, body };
  }

  #test(): ShellNode {
    this.#reader.advance();
    const words: ShellWord[] = [];
    while (!this.#reader.isWord(']]')) {
      const token = this.#reader.advance();
      words.push({ raw: token.kind === 'word' ? token.raw : token.text });
    }
    this.#reader.advance();
    return { kind: 'test', words };
  }

  #simple(): ShellNode {
    const assignments: ShellWord[] = [];
    const words: ShellWord[] = [];
    const redirections: Redirection[] = [];
    for (let token = this.#reader.token; token !== undefined; token = this.#reader.token) {
      if (token.kind === 'operator' && /[<>]/.test(token.text)) {
        if (token.glued && /^\d+$/.test(words.at(-1)?.raw ?? '')) words.pop();
        redirections.push(this.#reader.redirection());
        continue;
      }
      if (token.kind === 'operator' && token.text === '(' && words.length === 1 && assignments.length === 0) {
        this.#reader.advance();
        this.#reader.expectOperator(')');
        return this.#functionBody(words[0]?.raw ?? '');
      }
      if (token.kind === 'operator') break;
      this.#reader.advance();
      const isAssignment = words.length === 0 && /^[A-Za-z_]\w*\+?=/.test(token.raw);
      (isAssignment ? assignments : words).push({ raw: token.raw });
      if (/^[A-Za-z_]\w*\+?=$/.test(token.raw) && this.#reader.isOperator('(')) this.#array();
    }
    if (words.length + assignments.length + redirections.length === 0) throw new NotUnderstood();
    return { kind: 'command', assignments, words, redirections };
  }

  /** bash's `A=(…)`: what is in it is not followed. */
  #array(): void {
    this.#reader.advance();
    while (!this.#reader.isOperator(')')) this.#reader.advance();
    this.#reader.advance();
  }
}
