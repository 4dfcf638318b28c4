import { readReferences, readSymbolTable, type SymbolTable } from '../../formats/elf/index.ts';
import { Fault, isFault } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { Closure, LoadedObject, UnresolvedSymbol } from './answer.ts';
import { variable } from './environment.ts';
import { type FindSymbol, findAsGlibc, findAsMusl, type ScopeMember, type SymbolAnswer } from './symbol-scope.ts';

const weakBinding = 2;
/** As many as a message could name. */
const unresolvedLimit = 100;

/**
 * The symbols that the loader would look up for the program of `closure` and find nowhere. Weak ones and those that
 * no relocation names are none. In the order in which the loader comes to them: libraries first, the program last.
 * Nothing for machines whose relocations are not known, and for loaders that are neither glibc's nor musl's.
 * @param env `NAME=value` of the process: LD_BIND_NOW counts
 * @throws {Fault} ELF_MALFORMED for an object whose tables lie outside of its file: `about.path`
 */
export function unresolvedSymbolsOf(
  tree: FileTree,
  closure: Closure,
  env: readonly string[],
): Promise<readonly UnresolvedSymbol[]> {
  const bindsNow = closure.flavour === 'musl' || variable(env, 'LD_BIND_NOW') !== '';
  const ofTree = answers.get(tree) ?? new Map<string, Promise<readonly UnresolvedSymbol[]>>();
  answers.set(tree, ofTree);
  const key = [bindsNow, closure.flavour, closure.interpreter?.path, ...closure.scope.map(({ path }) => path)].join(
    '\0',
  );
  const known = ofTree.get(key) ?? lookUpAll(tree, closure, bindsNow);
  ofTree.set(key, known);
  return known;
}

/** The same programs are asked about by several questions of one run. */
const answers = new WeakMap<FileTree, Map<string, Promise<readonly UnresolvedSymbol[]>>>();

async function lookUpAll(tree: FileTree, closure: Closure, bindsNow: boolean): Promise<UnresolvedSymbol[]> {
  const find = finders[closure.flavour];
  if (find === undefined) return [];
  const scope = await membersOf(tree, closure.scope);
  const givers = new Map(scope.map((member) => [member.object.elf.dynamic?.soname ?? '', member]));
  const loader = closure.interpreter?.path;
  const unresolved: UnresolvedSymbol[] = [];
  for (const member of [...scope].reverse()) {
    if (member.object.path === loader || unresolved.length > unresolvedLimit) continue;
    const check = new Check(tree, member, { scope, find, givers, bindsNow });
    unresolved.push(...(await check.unresolved()));
  }
  return unresolved.slice(0, unresolvedLimit);
}

const finders: Readonly<Partial<Record<Closure['flavour'], FindSymbol>>> = { glibc: findAsGlibc, musl: findAsMusl };

async function membersOf(tree: FileTree, objects: readonly LoadedObject[]): Promise<ScopeMember[]> {
  const members: ScopeMember[] = [];
  for (const object of objects) {
    const symbols = await symbolsOf(tree, object);
    if (symbols !== undefined) members.push({ object, symbols });
  }
  return members;
}

async function symbolsOf(tree: FileTree, { path, elf }: LoadedObject): Promise<SymbolTable | undefined> {
  const node = await tree.lookup(path);
  try {
    return node && (await readSymbolTable(node.content, elf));
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    throw new Fault('ELF_MALFORMED', error.message, {
      hint: 'The file is cut short or damaged: build, install or copy it again.',
      about: { path },
      cause: error,
    });
  }
}

interface Process {
  readonly scope: readonly ScopeMember[];
  readonly find: FindSymbol;
  /** By DT_SONAME. */
  readonly givers: ReadonlyMap<string, ScopeMember>;
  /** Whether nothing is looked up late. */
  readonly bindsNow: boolean;
}

/** The look-ups of one object. */
class Check {
  readonly #tree: FileTree;
  readonly #object: LoadedObject;
  readonly #symbols: SymbolTable;
  readonly #process: Process;

  constructor(tree: FileTree, { object, symbols }: ScopeMember, process: Process) {
    this.#tree = tree;
    this.#object = object;
    this.#symbols = symbols;
    this.#process = process;
  }

  /** Relocations are read only where something is missing that they may ask for: that is rare, and they are many. */
  async unresolved(): Promise<UnresolvedSymbol[]> {
    const { scope } = this.#process;
    const suspects = this.#symbols.wanted
      .map((index) => ({ index, answer: this.#find(index, scope) }))
      .filter(({ answer }) => answer !== 'found');
    // Only programs have copies of other objects' variables.
    const mayHaveCopies = this.#object.elf.interpreter !== undefined && this.#symbols.hasVariables;
    if (suspects.length === 0 && !mayHaveCopies) return [];
    const node = await this.#tree.lookup(this.#object.path);
    const references = node && (await readReferences(node.content, this.#object.elf));
    if (references === undefined) return [];
    const bindsNow = this.#process.bindsNow || (this.#object.elf.dynamic?.bindsNow ?? false);
    const found: UnresolvedSymbol[] = [];
    for (const { index, answer } of suspects) {
      const atStart = references.atStart.has(index) || (bindsNow && references.atCall.has(index));
      if (atStart || references.atCall.has(index)) found.push(this.#unresolvedOf(index, answer, atStart));
    }
    const others = scope.filter(({ object }) => object !== this.#object);
    for (const index of references.copied) {
      if (index >= this.#symbols.count || this.#symbols.at(index).binding === weakBinding) continue;
      const answer = this.#find(index, others);
      if (answer !== 'found') found.push(this.#unresolvedOf(index, answer, true));
    }
    return found;
  }

  #find(index: number, scope: readonly ScopeMember[]): SymbolAnswer {
    const version = this.#symbols.versionOf(index);
    const giver = version?.file === undefined ? undefined : this.#process.givers.get(version.file);
    const wish = { name: this.#symbols.nameOf(index), version, giver };
    return this.#process.find(scope, wish);
  }

  #unresolvedOf(index: number, answer: SymbolAnswer, atStart: boolean): UnresolvedSymbol {
    return {
      name: this.#symbols.nameOf(index).bytes.toString('utf8'),
      version: this.#symbols.versionOf(index)?.name,
      wantedBy: this.#object.path,
      when: atStart ? 'start' : 'call',
      noVersionsIn: typeof answer === 'string' ? undefined : answer.noVersionsIn.path,
    };
  }
}
