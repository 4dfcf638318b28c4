import type { ExactSegment, Header } from './header.ts';
import { type FileReader, Words } from './reader.ts';
import { segmentTypes } from './segments.ts';
import type { DlopenNote, Notes } from './types.ts';

interface Note {
  readonly owner: string;
  readonly type: number;
  readonly content: Buffer;
}

const segmentLimit = 256 * 1024;
const segmentsLimit = 32;
const notesLimit = 2000;

const types = { abiTag: 1, buildId: 3, property: 5, package: 0xcafe1a7e, dlopen: 0x407c0c0a } as const;
const x86IsaNeeded = 0xc0008002;
/** By the owners of their notes. */
const otherSystems = ['FreeBSD', 'NetBSD', 'OpenBSD', 'DragonFly'];

/**
 * The notes of PT_NOTE (gABI, "Note Section") that we know.
 * Loaders pass over damaged notes, and so does this: what can be read is taken.
 */
export async function readNotes(reader: FileReader, header: Header, segments: readonly ExactSegment[]): Promise<Notes> {
  const notes: Note[] = [];
  const holders = segments.filter(({ type }) => type === segmentTypes.note || type === segmentTypes.gnuProperty);
  for (const segment of holders.slice(0, segmentsLimit)) {
    const bytes = await reader.upTo(segment.offset, Math.min(segment.fileSize, segmentLimit));
    collect(new Words(bytes, header), segment.align === 8 ? 8 : 4, notes);
  }
  const find = (owner: string, type: number) => notes.find((note) => note.owner === owner && note.type === type);
  return {
    buildId: find('GNU', types.buildId)?.content.toString('hex'),
    otherSystem: otherSystems.find((name) => notes.some(({ owner }) => owner === name)),
    abiTag: abiTagOf(find('GNU', types.abiTag), header),
    isaNeeded: isaNeededOf(find('GNU', types.property), header),
    packageJson: find('FDO', types.package) && textOf(find('FDO', types.package)),
    dlopen: notes.filter(({ owner, type }) => owner === 'FDO' && type === types.dlopen).flatMap(dlopenNotesOf),
  };
}

function collect(words: Words, align: 4 | 8, into: Note[]): void {
  const { bytes } = words;
  for (let at = 0; at + 12 <= bytes.length && into.length < notesLimit; ) {
    const nameEnd = at + 12 + words.u32(at);
    const contentStart = roundUp(nameEnd, align);
    const contentEnd = contentStart + words.u32(at + 4);
    if (contentEnd > bytes.length) return;
    const owner = bytes.toString('latin1', at + 12, nameEnd).replace(/\0+$/, '');
    into.push({ owner, type: words.u32(at + 8), content: bytes.subarray(contentStart, contentEnd) });
    at = roundUp(contentEnd, align);
  }
}

const roundUp = (value: number, align: number): number => Math.ceil(value / align) * align;

const textOf = (note: Note | undefined): string => (note?.content.toString('utf8') ?? '').split('\0')[0] ?? '';

function abiTagOf(note: Note | undefined, header: Header): Notes['abiTag'] {
  if (note === undefined || note.content.length < 16) return undefined;
  const words = new Words(note.content, header);
  return { os: words.u32(0), kernel: [4, 8, 12].map((at) => words.u32(at)).join('.') };
}

function isaNeededOf(note: Note | undefined, header: Header): number | undefined {
  if (note === undefined) return undefined;
  const words = new Words(note.content, header);
  const align = header.class === 64 ? 8 : 4;
  for (let at = 0; at + 8 <= note.content.length; ) {
    const size = words.u32(at + 4);
    if (at + 8 + size > note.content.length) return undefined;
    if (words.u32(at) === x86IsaNeeded && size >= 4) return words.u32(at + 8);
    at += 8 + roundUp(size, align);
  }
  return undefined;
}

/** One note holds a JSON list of features. What is no such list is passed over, as it only describes. */
function dlopenNotesOf(note: Note): DlopenNote[] {
  let entries: unknown;
  try {
    entries = JSON.parse(textOf(note));
  } catch {
    return [];
  }
  return Array.isArray(entries) ? entries.map(dlopenNoteOf).filter((entry) => entry !== undefined) : [];
}

function dlopenNoteOf(entry: unknown): DlopenNote | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const fields = entry as Readonly<Record<string, unknown>>;
  const names = fields['soname'];
  const sonames = Array.isArray(names) ? names.filter((name) => typeof name === 'string' && name !== '') : [];
  if (sonames.length === 0) return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const priority = fields['priority'];
  return {
    sonames,
    feature: text(fields['feature']),
    description: text(fields['description']),
    // The specification's default.
    priority: priority === 'required' || priority === 'suggested' ? priority : 'recommended',
  };
}
