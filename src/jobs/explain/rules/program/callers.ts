import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import type { ImagePath } from '../../../../kit/index.ts';

/** An object of a process that calls a function of another. */
export interface Caller {
  readonly path: ImagePath;
  readonly name: string;
  readonly isProgram: boolean;
}

/** The first object of the process that wants one of `names`: the program, then its libraries without the libc. */
export async function callerOf(program: ProgramFacts, names: readonly string[]): Promise<Caller | undefined> {
  const own = nameIn(await program.imports(), names);
  if (own !== undefined) return { path: program.path, name: own, isProgram: true };
  for (const [path, imports] of await program.libraryImports()) {
    const name = nameIn(imports, names);
    if (name !== undefined) return { path, name, isProgram: false };
  }
  return undefined;
}

const nameIn = (imports: ReadonlySet<string>, names: readonly string[]): string | undefined =>
  names.find((name) => imports.has(name));
