import { resolve } from '../../../rootfs/index.ts';
import type { Run } from './run.ts';
import type { ShellState } from './state.ts';

const mostPaths = 200;
const longestPattern = 1000;

/** Whether a shell's pattern fits a whole text; characters behind a backslash stand for themselves. */
export function globMatches(pattern: string, text: string): boolean {
  if (pattern.length > longestPattern || text.length > longestPattern * 10) return false;
  return matchFrom(tokensOf(pattern), text);
}

type PatternToken = { readonly any: 'one' | 'many' } | { readonly set: string } | { readonly literal: string };

function tokensOf(pattern: string): PatternToken[] {
  const tokens: PatternToken[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    const end = character === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (character === '\\') tokens.push({ literal: pattern[++at] ?? '' });
    else if (character === '*') tokens.push({ any: 'many' });
    else if (character === '?') tokens.push({ any: 'one' });
    else if (end !== -1) {
      tokens.push({ set: pattern.slice(at + 1, end) });
      at = end;
    } else tokens.push({ literal: character });
  }
  return tokens;
}

/** With one place to come back to, so that no pattern takes longer than its length times the text's. */
function matchFrom(tokens: readonly PatternToken[], text: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = tokens[token];
    if (wanted !== undefined && 'any' in wanted && wanted.any === 'many') {
      star = token++;
      starAt = at;
    } else if (wanted !== undefined && fits(wanted, text[at] ?? '')) {
      token++;
      at++;
    } else if (star !== -1) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  return tokens.slice(token).every((rest) => 'any' in rest && rest.any === 'many');
}

function fits(token: PatternToken, character: string): boolean {
  if ('literal' in token) return token.literal === character;
  return 'any' in token || inSet(token.set, character);
}

function inSet(set: string, character: string): boolean {
  const isNegated = set.startsWith('!') || set.startsWith('^');
  const members = isNegated ? set.slice(1) : set;
  let found = false;
  for (let at = 0; at < members.length && !found; at++) {
    const named = /^\[:(alnum|alpha|digit|space|upper|lower):\]?/.exec(members.slice(at));
    if (named !== null) {
      found = classes[named[1] ?? '']?.test(character) ?? false;
      at += named[0].length - 1;
    } else if (members[at + 1] === '-' && at + 2 < members.length) {
      found = character >= (members[at] ?? '') && character <= (members[at + 2] ?? '');
      at += 2;
    } else found = members[at] === character;
  }
  return found !== isNegated;
}

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[a-z0-9]/i,
  alpha: /[a-z]/i,
  digit: /\d/,
  space: /\s/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
};

/** The names that a pattern stands for in the image; undefined where commands before may have made others. */
export async function pathsOf(run: Run, { cwd }: ShellState, pattern: string): Promise<string[] | undefined> {
  if (run.made !== 'nothing' || cwd === undefined) return undefined;
  const { tree, as } = run.setting;
  let folders = [pattern.startsWith('/') ? '' : cwd];
  const prefix = pattern.startsWith('/') ? '' : `${cwd === '/' ? '' : cwd}/`;
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    const next: string[] = [];
    for (const folder of folders) {
      const found = await resolve(tree, folder === '' ? '/' : folder, { as });
      if (!found.found || found.node.kind !== 'directory') continue;
      const names = (await tree.list(found.path)).filter((name) => !name.startsWith('.') || part.startsWith('.'));
      next.push(
        ...names.filter((name) => globMatches(part, name)).map((name) => `${folder === '/' ? '' : folder}/${name}`),
      );
    }
    folders = next.slice(0, mostPaths);
  }
  return folders.map((path) => (prefix !== '' && path.startsWith(prefix) ? path.slice(prefix.length) : path));
}
