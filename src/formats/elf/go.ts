import type { Source } from '../../kit/index.ts';
import { FileReader } from './reader.ts';
import { readSections } from './sections.ts';
import { segmentFlags, segmentTypes } from './segments.ts';
import type { Elf } from './types.ts';

/** What `go build` writes into a program (go.dev, package debug/buildinfo). */
export interface GoBuildInfo {
  /** `go1.22.3`, as the compiler calls itself. */
  readonly goVersion: string;
  /** The import path of package main. */
  readonly path: string | undefined;
  readonly module: GoModule | undefined;
  readonly dependencies: readonly GoModule[];
  /** Settings of the build: `CGO_ENABLED`, `-tags`, `vcs.revision`, …. */
  readonly settings: ReadonlyMap<string, string>;
}

export interface GoModule {
  readonly path: string;
  readonly version: string;
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const headerBytes = 32;
/** The bit that says that the texts follow the header (since Go 1.18), rather than pointers to them. */
const inlineFlag = 2;
const searchLimit = 1024 * 1024;
const textLimit = 1024 * 1024;
const sentinelBytes = 16;

/**
 * undefined for a program that is not of Go 1.18 or later (older ones hold pointers, which is not read)
 * and for a damaged note of it, which no one needs to run the program.
 */
export async function goBuildInfo(source: Source, elf: Elf): Promise<GoBuildInfo | undefined> {
  const reader = new FileReader(source);
  const at = await findBuildInfo(reader, elf);
  if (at === undefined) return undefined;
  const goVersion = await readText(reader, at + headerBytes);
  const modules = goVersion && (await readText(reader, goVersion.end));
  if (goVersion === undefined || modules === undefined) return undefined;
  return { goVersion: goVersion.bytes.toString('utf8'), ...parseModules(modules.bytes) };
}

async function findBuildInfo(reader: FileReader, elf: Elf): Promise<number | undefined> {
  const section = (await readSections(reader, elf)).find(({ name }) => name === '.go.buildinfo');
  const range = section ?? firstData(elf);
  if (range === undefined) return undefined;
  const bytes = await reader.upTo(range.offset, Math.min(range.size, searchLimit));
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    const isAligned = (range.offset + at) % 16 === 0;
    if (isAligned && ((bytes[at + 15] ?? 0) & inlineFlag) !== 0) return range.offset + at;
  }
  return undefined;
}

function firstData(elf: Elf): { offset: number; size: number } | undefined {
  const segment = elf.segments.find(
    ({ type, flags }) => type === segmentTypes.load && (flags & segmentFlags.write) !== 0,
  );
  return segment && { offset: segment.offset, size: segment.fileSize };
}

/** A length as a varint, then that many bytes. */
async function readText(reader: FileReader, at: number): Promise<{ bytes: Buffer; end: number } | undefined> {
  const head = await reader.upTo(at, 5);
  let length = 0;
  for (const [index, byte] of head.entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte >= 0x80) continue;
    const start = at + index + 1;
    const bytes = length <= textLimit ? await reader.upTo(start, length) : Buffer.alloc(0);
    return bytes.length === length ? { bytes, end: start + length } : undefined;
  }
  return undefined;
}

/** Lines of tab-separated fields between two sentinels. */
function parseModules(bytes: Buffer): Omit<GoBuildInfo, 'goVersion'> {
  const lines = bytes
    .subarray(sentinelBytes, Math.max(bytes.length - sentinelBytes, sentinelBytes))
    .toString('utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  const of = (kind: string) => lines.filter(([first]) => first === kind);
  const modules = (kind: string) => of(kind).map(([, path = '', version = '']) => ({ path, version }));
  return {
    path: of('path')[0]?.[1],
    module: modules('mod')[0],
    dependencies: modules('dep'),
    settings: new Map(of('build').map(([, setting = '']) => splitSetting(setting))),
  };
}

function splitSetting(setting: string): [string, string] {
  const equals = setting.indexOf('=');
  const [key, value] = equals === -1 ? [setting, ''] : [setting.slice(0, equals), setting.slice(equals + 1)];
  return [unquote(key), unquote(value)];
}

/** Go quotes a value with spaces or quotes in it, as JSON would, or in backquotes. */
function unquote(text: string): string {
  if (text.length >= 2 && text.startsWith('`') && text.endsWith('`')) return text.slice(1, -1);
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
