import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { expandWord, parseShell, type ShellNode, type Variables } from './index.ts';

/** A script's shape: commands as their words, all else as its kind with what is in it. */
function shapeOf(node: ShellNode | undefined): unknown {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case 'command':
      return [...node.assignments, ...node.words].map(({ raw }) => raw).join(' ');
    case 'list':
      return node.items.map(shapeOf);
    case 'and':
    case 'or':
      return { [node.kind]: [shapeOf(node.left), shapeOf(node.right)] };
    case 'pipeline':
      return { [node.isNegated ? 'not' : 'pipe']: node.parts.map(shapeOf) };
    case 'subshell':
    case 'group':
    case 'background':
      return { [node.kind]: shapeOf(node.body) };
    case 'if':
      return {
        if: node.clauses.map(({ condition, body }) => [shapeOf(condition), shapeOf(body)]),
        else: shapeOf(node.otherwise),
      };
    case 'for':
      return { for: node.name, in: node.words?.map(({ raw }) => raw), do: shapeOf(node.body) };
    case 'while':
    case 'until':
      return { [node.kind]: shapeOf(node.condition), do: shapeOf(node.body) };
    case 'case':
      return {
        case: node.word.raw,
        items: node.items.map(({ patterns, body }) => [patterns.map(({ raw }) => raw), shapeOf(body)]),
      };
    case 'function':
      return { function: node.name, body: shapeOf(node.body) };
    case 'test':
      return { test: node.words.map(({ raw }) => raw) };
    default:
      return node.kind;
  }
}

const shape = (text: string) => shapeOf(parseShell(text));

describe('parseShell', () => {
  it('binds lists, conditions and pipelines as shells do', () => {
    assert.deepEqual(shape('a && b || c; d | e & f'), [
      { or: [{ and: ['a', 'b'] }, 'c'] },
      { background: { pipe: ['d', 'e'] } },
      'f',
    ]);
    assert.deepEqual(shape('! a | b'), [{ not: ['a', 'b'] }]);
  });

  it('takes redirections and their numbers off the words, and passes over here documents', () => {
    assert.deepEqual(shape('A=1 a b 2>&1 >/x 3 < /y <<E c\nE d\nE\nf'), ['A=1 a b 3 c', 'f']);
    assert.deepEqual(shape('{ a; } 2>/dev/null'), [{ group: ['a'] }]);
  });

  it('knows compound commands', () => {
    assert.deepEqual(shape('if a; then b; elif c\nthen d; else e; fi'), [
      {
        if: [
          [['a'], ['b']],
          [['c'], ['d']],
        ],
        else: ['e'],
      },
    ]);
    assert.deepEqual(shape('for x in 1 "$y"; do a $x; done'), [{ for: 'x', in: ['1', '"$y"'], do: ['a $x'] }]);
    assert.deepEqual(shape('while a; do b; done; until c; do d; done'), [
      { while: ['a'], do: ['b'] },
      { until: ['c'], do: ['d'] },
    ]);
    assert.deepEqual(shape('case $1 in\n-*|x) a;;\n(*) b\nesac'), [
      {
        case: '$1',
        items: [
          [['-*', 'x'], ['a']],
          [['*'], ['b']],
        ],
      },
    ]);
    assert.deepEqual(shape('f() { a; }\nfunction g { b; }'), [
      { function: 'f', body: { group: ['a'] } },
      { function: 'g', body: { group: ['b'] } },
    ]);
    assert.deepEqual(shape('(cd /x; a)'), [{ subshell: ['cd /x', 'a'] }]);
    assert.deepEqual(shape('[[ $a == b* && -f c ]] && d'), [
      { and: [{ test: ['$a', '==', 'b*', '&&', '-f', 'c'] }, 'd'] },
    ]);
    assert.deepEqual(shape('declare -A a=([x]=1 y); b=(1 2)'), ['declare -A a=', 'b=']);
    assert.deepEqual(shape('((a + 1)); b'), ['other', 'b']);
  });

  it('takes keywords for words where they are arguments, and refuses what does not end', () => {
    assert.deepEqual(shape('echo if then fi'), ['echo if then fi']);
    for (const text of ['if a; then b', 'a &&', '( a', 'case x in a) b', '}', 'fi'])
      assert.equal(shape(text), undefined, text);
  });

  it('comes to an end with every text', () => {
    const pieces = fc.constantFrom(
      'if ',
      'then ',
      'fi\n',
      '(',
      ')',
      '{ ',
      '}\n',
      ';',
      '&&',
      '|',
      'a ',
      '"',
      "'",
      '$(',
      '`',
      '<<E\n',
      'E\n',
      'case x in ',
      'esac',
      '[[ ',
      ']]',
      '\\',
      '$',
      '#',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => void parseShell(parts.join(''))),
      { numRuns: 2000 },
    );
    assert.equal(parseShell('('.repeat(100_000)), undefined);
  });
});

describe('expandWord', () => {
  const values: Readonly<Record<string, string | null | undefined>> = {
    A: 'a b',
    E: '',
    N: null,
    HOME: '/root',
    P: '/x/y.tar',
  };
  const variables: Variables = {
    valueOf: (name) => (Object.hasOwn(values, name) ? values[name] : null),
    args: ['one', 'two words'],
    outputOf: async (script) => (script === 'known' ? 'out put' : undefined),
  };
  const expand = async (raw: string) => {
    const { fields, isExact } = await expandWord(raw, variables);
    return isExact ? fields.map(({ text }) => text) : 'unknown';
  };

  for (const [raw, expected] of [
    ['x"$A"y', ['xa by']],
    ['$A', ['a', 'b']],
    [`x\${A}y`, ['xa', 'by']],
    ['$E', []],
    ['"$E"', ['']],
    ['$N', []],
    ['"$@"', ['one', 'two words']],
    ['x"$@"', ['xone', 'two words']],
    ['$*', ['one', 'two', 'words']],
    ['"$*"', ['one two words']],
    ['$#', ['2']],
    [`\${1#o}`, ['ne']],
    [`\${1#-}`, ['one']],
    [`\${N:-default}`, ['default']],
    [`"\${E:-$A}"`, ['a b']],
    [`\${E-x}`, []],
    [`\${A:+set}`, ['set']],
    [`\${N:+set}`, []],
    [`\${P##*/}`, ['y.tar']],
    [`\${P%.tar}`, ['/x/y']],
    [`\${#P}`, ['8']],
    [`\${P:0:1}`, ['/']],
    [`\${1:1}`, ['ne']],
    [`\${1^^}`, ['ONE']],
    [`\${A//a/b}`, 'unknown'],
    ['~/x', ['/root/x']],
    ["'$A'", ['$A']],
    ['\\$A', ['$A']],
    ['"a\\$b\\c"', ['a$b\\c']],
    ['$(known)', ['out', 'put']],
    ['"`known`"', ['out put']],
    ['$(other)', 'unknown'],
    ['"$(other)"', [undefined]],
  ] as const) {
    it(`makes of ${raw} what a shell makes of it`, async () => assert.deepEqual(await expand(raw), expected));
  }
});
