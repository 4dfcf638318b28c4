import { mayExecute, mayRead, resolve } from '../../../rootfs/index.ts';
import { expandText, expandWord, type Field, type ShellWord } from '../../shell/index.ts';
import { isOfProcesses } from '../mounts.ts';
import { globMatches } from './globs.ts';
import type { Run, Status } from './run.ts';
import type { ShellState } from './state.ts';
import { evaluateTest, type FileTest, type TestWord, testFile } from './test-expression.ts';
import { variablesOf } from './variables.ts';

/** `[ … ]` and `test …`, of words that are expanded already. */
export const fieldTest = (run: Run, state: ShellState, words: readonly TestWord[]): Promise<Status> =>
  evaluateTest(words, fileTest(run, state));

/** `[[ … ]]`: no splitting, and patterns behind `==`. */
export async function bracketTest(run: Run, state: ShellState, words: readonly ShellWord[]): Promise<Status> {
  const raws = words.map(({ raw }) => raw);
  if (raws.some((raw) => raw === '=~' || raw === '<' || raw === '>' || raw === '-v')) return undefined;
  const texts: TestWord[] = [];
  for (let at = 0; at < raws.length; at++) {
    const raw = raws[at] ?? '';
    const isPattern = /^(==?|!=)$/.test(raws[at - 1] ?? '');
    if (!isPattern) {
      texts.push(await expandText(raw, variablesOf(run, state)));
      continue;
    }
    const { fields } = await expandWord(raw, variablesOf(run, state));
    texts.push(matched(fields[0], texts.at(-2)));
  }
  return evaluateTest(texts, fileTest(run, state));
}

/** What a pattern is replaced with: what it is compared to where it fits, else something that this is not. */
function matched(field: Field | undefined, left: TestWord): TestWord {
  if (field === undefined) return '';
  if (!field.isGlob || field.text === undefined) return field.text;
  if (left === undefined) return undefined;
  return globMatches(field.pattern, left) ? left : `${left}\0`;
}

/** Files as the image has them, unless the script may have changed them. */
const fileTest =
  (run: Run, { cwd }: ShellState): FileTest =>
  async (operator, path) => {
    const { tree, as } = run.setting;
    const isRelative = !path.startsWith('/');
    if (isOfProcesses(path) || (isRelative && cwd === undefined)) return undefined;
    const followLast = operator !== '-L' && operator !== '-h';
    const found = await resolve(tree, path, { as, followLast, ...(cwd !== undefined && { cwd }) });
    if (!found.found) return run.made === 'nothing' ? testFile(operator, undefined) : undefined;
    if (operator === '-x') return mayExecute(found.node, as);
    if (operator === '-r') return mayRead(found.node, as);
    if (operator === '-L' || operator === '-h') return found.node.kind === 'symlink';
    return testFile(operator, found.node);
  };
