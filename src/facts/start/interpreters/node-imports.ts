const builtIn = new Set(
  `assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events
  fs http http2 https inspector module net os path perf_hooks punycode querystring readline repl sea sqlite
  stream string_decoder sys test process timers tls trace_events tty url util v8 vm wasi worker_threads zlib`.split(
    /\s+/,
  ),
);

export const isNodeBuiltIn = (name: string): boolean =>
  name.startsWith('node:') || name.startsWith('bun:') || builtIn.has(name.split('/')[0] ?? '');

export interface Required {
  readonly name: string;
  /** `import`: the name of a file is taken as it stands. */
  readonly isStrict: boolean;
}

const mostModules = 200;
const require_ =
  /^(?:(?:const|let|var)\s+[\w${},:\s]+=\s*|\}\s*=\s*)?(?:[\w.]+\(\s*)?(?:require|await\s+import)\(\s*(["'])([^"'`$\\]+)\1\s*\)/;
const import_ = /^(?:import\s*(?:[\w*${},\s]+\sfrom\s*)?|\}\s*from\s*)(["'])([^"'\\]+)\1/;

/**
 * What a script asks for as soon as it runs, whatever happens: at the left margin, outside of comments and templates.
 * None where the script brings its own way to find modules.
 */
export function requiredModules(text: string): Required[] {
  if (/module-alias|_resolveFilename|Module\._load|createRequire|__webpack_require__|register\(|pnpapi/.test(text))
    return [];
  const found: Required[] = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    const wasInside = isInside;
    isInside = isOpen(line, isInside);
    if (wasInside) continue;
    if (/^(process\b.exit|throw|return)\b/.test(line) || found.length > mostModules) break;
    const imported = import_.exec(line)?.[2];
    const required = require_.exec(line)?.[2];
    if (imported !== undefined && !/^import\s+type\b/.test(line)) found.push({ name: imported, isStrict: true });
    if (required !== undefined) found.push({ name: required, isStrict: false });
  }
  return found;
}

/** Whether a comment or a template goes on in the next line. */
function isOpen(line: string, before: boolean): boolean {
  const marks = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '').replace(/\/\/.*$/, '');
  let isInside = before;
  for (const [mark] of marks.matchAll(/\/\*|\*\/|`/g)) {
    if (mark === '/*') isInside = true;
    else if (mark === '*/') isInside = false;
    else isInside = !isInside;
  }
  return isInside;
}
