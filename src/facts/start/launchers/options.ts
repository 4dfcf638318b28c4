/** Which options of a command line take a value; all others are taken for flags. */
export interface OptionRules {
  /** Letters: `ks` for `-k 5 -s KILL`. */
  readonly short?: string;
  /** Names without the dashes. */
  readonly long?: readonly string[];
}

export interface Options {
  /** By letter or name; '' for a flag. */
  readonly values: ReadonlyMap<string, string>;
  /** What follows the options. */
  readonly rest: readonly string[];
}

/** Takes options off the front of a command line as getopt_long does with `+`: the first other word ends them. */
export function takeOptions(words: readonly string[], { short = '', long = [] }: OptionRules): Options {
  const values = new Map<string, string>();
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return { values, rest: words.slice(at + 1) };
    if (!word.startsWith('-') || word === '-') break;
    if (word.startsWith('--')) {
      const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
      const isApart = value === undefined && long.includes(name);
      values.set(name, value ?? (isApart ? (words[at + 1] ?? '') : ''));
      if (isApart) at++;
      continue;
    }
    if (takeLetters(word.slice(1), words[at + 1] ?? '', { short, values })) at++;
  }
  return { values, rest: words.slice(at) };
}

/** Whether the next word was needed too. */
function takeLetters(
  letters: string,
  next: string,
  { short, values }: { short: string; values: Map<string, string> },
): boolean {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    if (!short.includes(letter)) {
      values.set(letter, '');
      continue;
    }
    const attached = letters.slice(at + 1);
    values.set(letter, attached === '' ? next : attached);
    return attached === '';
  }
  return false;
}
