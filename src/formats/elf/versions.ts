import type { StringTable } from './dynamic.ts';
import { type FileReader, type Layout, malformed, Words } from './reader.ts';
import type { DynamicTables } from './types.ts';

export interface NeededVersions {
  readonly file: string;
  readonly versions: readonly {
    readonly name: string;
    readonly weak: boolean;
    readonly index: number;
    readonly isHidden: boolean;
  }[];
}

export interface DefinedVersion {
  readonly name: string;
  readonly index: number;
  /** VER_FLG_BASE: the file's own name, not a version of symbols. */
  readonly isBase: boolean;
}

interface Place {
  readonly tables: DynamicTables;
  readonly strings: StringTable;
}

const weakFlag = 2;
const baseFlag = 1;
/** Entries of one table; libraries have tens. */
const entriesLimit = 20_000;

/** .gnu.version_r (LSB, "Version Requirements"), by its chain as loaders walk it. */
export async function readVersionNeeds(
  reader: FileReader,
  layout: Layout,
  { tables, strings }: Place,
): Promise<NeededVersions[]> {
  const needs: NeededVersions[] = [];
  const budget = { left: entriesLimit };
  for (let at = tables.versionNeeds; at !== undefined; ) {
    const entry = await record(reader, layout, { at, budget });
    const first = at + entry.u32(8);
    const versions = await neededVersions(reader, layout, { at: first, count: entry.u16(2), strings, budget });
    needs.push({ file: await strings.at(entry.u32(4)), versions });
    at = entry.u32(12) === 0 ? undefined : at + entry.u32(12);
  }
  return needs;
}

/** .gnu.version_d (LSB, "Version Definitions"); undefined without one. */
export async function readVersionDefinitions(
  reader: FileReader,
  layout: Layout,
  { tables, strings }: Place,
): Promise<DefinedVersion[] | undefined> {
  if (tables.versionDefinitions === undefined) return undefined;
  const definitions: DefinedVersion[] = [];
  const budget = { left: entriesLimit };
  for (let at: number | undefined = tables.versionDefinitions; at !== undefined; ) {
    const entry = await record(reader, layout, { at, budget, bytes: 20 });
    const auxiliary = await record(reader, layout, { at: at + entry.u32(12), budget, bytes: 8 });
    const name = await strings.at(auxiliary.u32(0));
    definitions.push({ name, index: entry.u16(4) & 0x7fff, isBase: (entry.u16(2) & baseFlag) !== 0 });
    at = entry.u32(16) === 0 ? undefined : at + entry.u32(16);
  }
  return definitions;
}

async function neededVersions(
  reader: FileReader,
  layout: Layout,
  from: { at: number; count: number; strings: StringTable; budget: { left: number } },
): Promise<NeededVersions['versions']> {
  const versions: { name: string; weak: boolean; index: number; isHidden: boolean }[] = [];
  let at = from.at;
  for (let left = from.count; left > 0; left--) {
    const entry = await record(reader, layout, { at, budget: from.budget });
    const name = await from.strings.at(entry.u32(8));
    const index = entry.u16(6);
    versions.push({ name, weak: (entry.u16(4) & weakFlag) !== 0, index: index & 0x7fff, isHidden: index >= 0x8000 });
    if (entry.u32(12) === 0) break;
    at += entry.u32(12);
  }
  return versions;
}

async function record(
  reader: FileReader,
  layout: Layout,
  { at, budget, bytes = 16 }: { at: number; budget: { left: number }; bytes?: number },
): Promise<Words> {
  if (budget.left-- === 0) malformed('has too many symbol versions');
  return new Words(await reader.exactly(at, bytes, 'its table of symbol versions'), layout);
}
