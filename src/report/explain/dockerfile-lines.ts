import type { Finding } from '../../jobs/explain/index.ts';

/** The Dockerfile that an image was built from. */
export interface Dockerfile {
  /** As it was given, for whoever reads the report. */
  readonly path: string;
  readonly text: string;
}

interface Instruction {
  /** Of its first line; 1 is the first. */
  readonly line: number;
  /** In capitals. */
  readonly name: string;
  readonly value: string;
}

/** What findings are about, by their codes. */
const subjects: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(user|group|home)-|-user$/, ['USER']],
  [/^workdir-/, ['WORKDIR']],
  [/healthcheck/, ['HEALTHCHECK']],
  [/port/, ['EXPOSE']],
  [/volume/, ['VOLUME']],
  [/^env-too/, ['ENV']],
  [/^(no-command|entrypoint|shell|env-program|program-missing|arguments|pid1|whole-line)/, ['ENTRYPOINT', 'CMD']],
];

/** The line of the instruction that is to blame for a finding: of the final stage, FROM where no other is. */
export function findLine(dockerfile: Dockerfile, finding: Pick<Finding, 'code' | 'about' | 'missing'>): number {
  const stage = finalStage(instructionsOf(dockerfile.text));
  const [from] = stage;
  const blamed = ofVariable(stage, finding) ?? ofSubject(stage, finding) ?? ofFile(stage, finding) ?? from;
  return blamed?.line ?? 1;
}

/** Instructions with their continuation lines; what stands in a heredoc is taken for instructions of no known name. */
function instructionsOf(text: string): Instruction[] {
  const continues = /^#\s*escape\s*=\s*`\s*$/im.test(text.slice(0, 500)) ? '`' : '\\';
  const instructions: Instruction[] = [];
  let open: { readonly line: number; text: string } | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line.startsWith('#') || (open === undefined && line === '')) continue;
    const goesOn = line.endsWith(continues);
    const part = goesOn ? line.slice(0, -1) : line;
    open = { line: open?.line ?? index + 1, text: open === undefined ? part : `${open.text} ${part}` };
    if (goesOn) continue;
    instructions.push(instructionOf(open));
    open = undefined;
  }
  return open === undefined ? instructions : [...instructions, instructionOf(open)];
}

function instructionOf({ line, text }: { readonly line: number; readonly text: string }): Instruction {
  const [, name = '', value = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  return { line, name: name.toUpperCase(), value: value.trim() };
}

const finalStage = (instructions: readonly Instruction[]): readonly Instruction[] =>
  instructions.slice(
    Math.max(
      0,
      instructions.findLastIndex(({ name }) => name === 'FROM'),
    ),
  );

function ofVariable(stage: readonly Instruction[], { about }: Pick<Finding, 'about'>): Instruction | undefined {
  const { variable = [], variables = variable } = about;
  const names = [variables].flat().map(String);
  return stage.findLast(({ name, value }) => name === 'ENV' && names.some((each) => sets(value, each)));
}

/** `ENV NAME=value …`, or in its old form `ENV NAME value`. */
const sets = (value: string, name: string): boolean =>
  value.startsWith(`${name} `) || value.split(/\s+/).some((word) => word.startsWith(`${name}=`));

function ofSubject(stage: readonly Instruction[], { code }: Pick<Finding, 'code'>): Instruction | undefined {
  const names = subjects.find(([pattern]) => pattern.test(code))?.[1] ?? [];
  for (const wanted of names) {
    const found = stage.findLast(({ name }) => name === wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The last COPY or ADD that brought the file, as far as its destination tells. */
function ofFile(
  stage: readonly Instruction[],
  { about, missing }: Pick<Finding, 'about' | 'missing'>,
): Instruction | undefined {
  const paths = [about['subject'] ?? [], about['path'] ?? [], about['paths'] ?? [], missing].flat().map(String);
  return stage.findLast(({ name, value }) => {
    if (name !== 'COPY' && name !== 'ADD') return false;
    const { sources, destination } = operandsOf(value);
    return paths.some((path) => brings(path, sources, destination));
  });
}

function operandsOf(value: string): { readonly sources: readonly string[]; readonly destination: string } {
  const plain = value.replace(/^(--\S+\s+)+/, '');
  const words = plain.startsWith('[')
    ? [...plain.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word)
    : plain.split(/\s+/);
  return { sources: words.slice(0, -1), destination: words.at(-1) ?? '' };
}

function brings(path: string, sources: readonly string[], destination: string): boolean {
  if (path === destination) return true;
  const folder = destination.endsWith('/') ? destination : `${destination}/`;
  const base = path.slice(path.lastIndexOf('/') + 1);
  const bySource = sources.some((source) => source.slice(source.replace(/\/$/, '').lastIndexOf('/') + 1) === base);
  const isWhole = sources.some((source) => /^\.?\/?$|[*?]|\/$/.test(source));
  return path.startsWith(folder) && (bySource || isWhole) && folder !== '/';
}
