/** Modules that are compiled into some interpreters and are files of others. */
const builtIn = new Set(
  `array atexit audioop binascii builtins cmath crypt errno faulthandler fcntl gc grp itertools marshal math mmap nis
  ossaudiodev parser posix pwd pyexpat readline resource select signal spwd sys syslog termios time unicodedata
  xxlimited xxsubtype zlib zipimport`.split(/\s+/),
);

export const isBuiltIn = (name: string): boolean => name.startsWith('_') || builtIn.has(name);

const mostImports = 200;

/**
 * Packages that a script imports as soon as it runs, whatever happens: at the left margin, outside of strings.
 * None where the script changes the way modules are found, or may end before.
 */
export function importedModules(text: string): string[] {
  if (/\bsys\.(path|meta_path|modules)\b|\bsite\.|__path__|importlib|pkg_resources|^\s*exec\(/m.test(text)) return [];
  const found = new Set<string>();
  let quote: string | undefined;
  for (const line of text.split('\n')) {
    const isInside = quote !== undefined;
    quote = openQuote(line, quote);
    if (isInside) continue;
    if (/^(sys\.exit|exit|quit|raise)\b/.test(line) || found.size > mostImports) break;
    const from = /^from\s+([A-Za-z_]\w*)[\w.]*\s+import\b/.exec(line)?.[1];
    if (from !== undefined) found.add(from);
    const list = /^import\s+([\w.,\s]+?)\s*(?:[;#].*)?\r?$/.exec(line)?.[1];
    for (const item of list?.split(',') ?? []) {
      const name = /^\s*([A-Za-z_]\w*)/.exec(item)?.[1];
      if (name !== undefined) found.add(name);
    }
  }
  return [...found];
}

/** The quotation of three that is open at the end of a line. */
function openQuote(line: string, before: string | undefined): string | undefined {
  let quote = before;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quote !== undefined) {
      if (character === '\\') at++;
      else if (line.startsWith(quote, at)) {
        at += quote.length - 1;
        quote = undefined;
      }
      continue;
    }
    if (character === '#') break;
    if (character !== '"' && character !== "'") continue;
    const triple = character.repeat(3);
    quote = line.startsWith(triple, at) ? triple : character;
    at += quote.length - 1;
  }
  return quote?.length === 3 ? quote : undefined;
}
