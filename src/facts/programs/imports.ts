import { type Elf, readSymbols } from '../../formats/elf/index.ts';
import { isFault, type Source } from '../../kit/index.ts';

const known = new WeakMap<Source, Promise<ReadonlySet<string>>>();

/** Names of the undefined symbols of an ELF file; none for one whose tables are damaged. A Source is read once. */
export function importsOf(source: Source, elf: Elf): Promise<ReadonlySet<string>> {
  const imports = known.get(source) ?? readImports(source, elf);
  known.set(source, imports);
  return imports;
}

async function readImports(source: Source, elf: Elf): Promise<ReadonlySet<string>> {
  try {
    const symbols = await readSymbols(source, elf);
    return new Set(symbols.filter(({ defined }) => !defined).map(({ name }) => name));
  } catch (error) {
    if (!isFault(error)) throw error;
    return new Set();
  }
}
