import type { FileNode } from '../../../rootfs/index.ts';

/** One operand or operator; undefined where it is only known at run time. */
export type TestWord = string | undefined;

/** How `[` looks at files: undefined for what cannot be told. */
export type FileTest = (operator: string, path: string) => Promise<boolean | undefined>;

/** `test`, `[` and `[[` without its patterns: whether the expression holds, undefined for what cannot be told. */
export async function evaluateTest(words: readonly TestWord[], file: FileTest): Promise<boolean | undefined> {
  const expression = new Expression(words, file);
  const result = await expression.or();
  return expression.isAtEnd ? result : undefined;
}

const unary = /^-[a-zA-Z]$/;
const compare: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '-eq': (left, right) => left === right,
  '-ne': (left, right) => left !== right,
  '-lt': (left, right) => left < right,
  '-le': (left, right) => left <= right,
  '-gt': (left, right) => left > right,
  '-ge': (left, right) => left >= right,
};

class Expression {
  readonly #words: readonly TestWord[];
  readonly #file: FileTest;
  #at = 0;

  constructor(words: readonly TestWord[], file: FileTest) {
    this.#words = words;
    this.#file = file;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  async or(): Promise<boolean | undefined> {
    let left = await this.#and();
    while (this.#takes('-o', '||')) {
      const right = await this.#and();
      left = left === true || right === true ? true : left === undefined || right === undefined ? undefined : false;
    }
    return left;
  }

  async #and(): Promise<boolean | undefined> {
    let left = await this.#not();
    while (this.#takes('-a', '&&')) {
      const right = await this.#not();
      left = left === false || right === false ? false : left === undefined || right === undefined ? undefined : true;
    }
    return left;
  }

  async #not(): Promise<boolean | undefined> {
    if (this.#words.length - this.#at > 1 && this.#takes('!')) {
      const value = await this.#not();
      return value === undefined ? undefined : !value;
    }
    return this.#primary();
  }

  #takes(...operators: readonly string[]): boolean {
    const word = this.#words[this.#at];
    if (word === undefined || !operators.includes(word) || this.isAtEnd) return false;
    this.#at++;
    return true;
  }

  async #primary(): Promise<boolean | undefined> {
    if (this.isAtEnd) return false;
    const left = this.#words[this.#at];
    const operator = this.#words[this.#at + 1];
    const isBinary = this.#at + 2 < this.#words.length && operator !== undefined && isBinaryOperator(operator);
    if (isBinary) {
      this.#at += 3;
      return binary(left, operator, this.#words[this.#at - 1]);
    }
    if (left === '(' && this.#words.indexOf(')', this.#at) !== -1) {
      this.#at++;
      const inner = await this.or();
      this.#at++;
      return inner;
    }
    if (left !== undefined && unary.test(left) && this.#at + 1 < this.#words.length) {
      this.#at += 2;
      return this.#unary(left, operator);
    }
    this.#at++;
    return left === undefined ? undefined : left !== '';
  }

  async #unary(operator: string, operand: TestWord): Promise<boolean | undefined> {
    if (operand === undefined) return undefined;
    if (operator === '-n') return operand !== '';
    if (operator === '-z') return operand === '';
    if (operator === '-t') return false;
    return operand === '' ? false : this.#file(operator, operand);
  }
}

const isBinaryOperator = (text: string): boolean =>
  text === '=' || text === '==' || text === '!=' || Object.hasOwn(compare, text);

function binary(left: TestWord, operator: string, right: TestWord): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  const numbers = compare[operator];
  if (numbers !== undefined) {
    return /^\s*[+-]?\d+\s*$/.test(left) && /^\s*[+-]?\d+\s*$/.test(right)
      ? numbers(Number(left), Number(right))
      : undefined;
  }
  return operator === '!=' ? left !== right : left === right;
}

/** What `-e`, `-f` and their like say of a file; undefined node: there is none. */
export function testFile(operator: string, node: FileNode | undefined): boolean | undefined {
  if (node === undefined) return /^-[efdrwxsLhpSbcugkOG]$/.test(operator) ? false : undefined;
  switch (operator) {
    case '-e':
      return true;
    case '-f':
      return node.kind === 'file';
    case '-d':
      return node.kind === 'directory';
    case '-s':
      return node.kind === 'file' ? node.sizeBytes > 0 : undefined;
    case '-p':
      return node.kind === 'fifo';
    case '-S':
      return node.kind === 'socket';
    default:
      return undefined;
  }
}
