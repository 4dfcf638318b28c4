import type { Follow } from '../programs.ts';
import { followDotnet } from './dotnet.ts';
import { followJava } from './java.ts';
import { followNode } from './node.ts';
import { followPerl } from './perl.ts';
import { followPlainInterpreter, isPlainInterpreter } from './plain.ts';
import { followPython } from './python.ts';
import { followRuby } from './ruby.ts';

const interpreters: readonly (readonly [RegExp, Follow])[] = [
  [/^python(\d(\.\d+)?t?)?$/, followPython],
  [/^(node|nodejs)$/, followNode],
  [/^java$/, followJava],
  [/^perl[\d.]*$/, followPerl],
  [/^ruby[\d.]*$/, followRuby],
  [/^dotnet$/, followDotnet],
];

/** What an interpreter of this name does with its arguments; undefined for a name that is none's. */
export function interpreterOf(name: string): Follow | undefined {
  const found = interpreters.find(([names]) => names.test(name));
  if (found !== undefined) return found[1];
  return isPlainInterpreter(name) ? followPlainInterpreter(name) : undefined;
}
