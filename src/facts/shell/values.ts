/** What a substitution prints, where that follows from the script's own name; `command -v X` is taken for X. */
export function outputOf(script: string, lookUp: (name: string) => string | undefined): string | undefined {
  const [, command = '', , argument = '', ending = ''] =
    /^\s*(dirname|basename|readlink -f|readlink|realpath|command -v|which)\s+(--\s+)?("?[\w./${}+-]+"?)(?:\s+([\w.+-]+))?(\s+2?>.*|\s*\|\|.*)?\s*$/.exec(
      script.replace(/^\s*cd\s+("?\$\(.*\)"?|"?`.*`"?)\s*(&&|;)\s*pwd(\s+-P)?\s*$/, (_, inner: string) =>
        inner.replace(/^"?(\$\(|`)|(\)|`)"?$/g, ''),
      ),
    ) ?? [];
  const variable = /^"?\$\{?([A-Za-z_]\w*|0)\}?"?$/.exec(argument)?.[1];
  const value = variable === undefined ? argument.replaceAll('"', '') : lookUp(variable);
  if (value === undefined || value === '' || value.includes('$')) return undefined;
  if (command === 'dirname') return value.includes('/') ? value.replace(/\/[^/]*$/, '') : '.';
  if (command !== 'basename') return value;
  const name = value.slice(value.lastIndexOf('/') + 1);
  return ending !== '' && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}

/** `${value%word}` and its like, for words of the forms `text`, `*text`, `text*`. */
export function cut(value: string, operator: string, word: string): string | undefined {
  const isSuffix = operator.startsWith('%');
  const plain = word.replace('*', '');
  if (/[*?[$`"'\\]/.test(plain)) return undefined;
  if (!word.includes('*')) {
    if (isSuffix) return value.endsWith(plain) ? value.slice(0, -plain.length || undefined) : value;
    return value.startsWith(plain) ? value.slice(plain.length) : value;
  }
  const isLongest = operator.length === 2;
  if (isSuffix) {
    const at = isLongest ? value.indexOf(plain) : value.lastIndexOf(plain);
    return at === -1 ? value : value.slice(0, at);
  }
  const at = isLongest ? value.lastIndexOf(plain) : value.indexOf(plain);
  return at === -1 ? value : value.slice(at + plain.length);
}
