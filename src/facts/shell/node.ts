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
