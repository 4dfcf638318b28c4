import { type Source, textOfBytes } from '../../kit/index.ts';
import { readDynamic } from './dynamic.ts';
import { type ExactSegment, readHeader, readSegments } from './header.ts';
import { machineNameOf } from './machines.ts';
import { readNotes } from './notes.ts';
import { FileReader } from './reader.ts';
import { segmentFlags, segmentTypes } from './segments.ts';
import type { Elf, Notes, Segment } from './types.ts';

const df1Pie = 0x08000000;
/** PATH_MAX, which is as much as the kernel takes. */
const interpreterLimit = 4096;
const noNotes: Notes = {
  buildId: undefined,
  otherSystem: undefined,
  abiTag: undefined,
  isaNeeded: undefined,
  packageJson: undefined,
  dlopen: [],
};

/**
 * What an ELF file says of itself to the kernel and to loaders; undefined when it is no ELF file.
 * A few reads of some KiB each, however large the file is. Section headers are not looked at.
 * Segments may lie beyond the end of the file here (see `damageOf`); damaged notes are passed over.
 * A Source is read once, however often it is asked: needs, loader and start all look at the same files.
 * @throws {Fault} ELF_MALFORMED for headers that the kernel refuses, and for a dynamic section, names
 * or versions that no loader could read.
 */
export function parseElf(source: Source): Promise<Elf | undefined> {
  const known = parsed.get(source) ?? parse(source);
  parsed.set(source, known);
  return known;
}

const parsed = new WeakMap<Source, Promise<Elf | undefined>>();

async function parse(source: Source): Promise<Elf | undefined> {
  const reader = new FileReader(source);
  const header = await readHeader(reader);
  if (header === undefined) return undefined;
  const segments = await readSegments(reader, header);
  const isLoaded = header.type === 'executable' || header.type === 'shared';
  const { interpreter, interpreterProblem } = await readInterpreter(reader, isLoaded ? segments : []);
  const dynamic = isLoaded ? await readDynamic(reader, header, segments) : undefined;
  const notes = isLoaded ? await readNotes(reader, header, segments) : noNotes;
  return {
    ...header,
    machineName: machineNameOf(header),
    segments: segments.map(({ exactAddress: _exact, ...segment }): Segment => segment),
    interpreter,
    interpreterProblem,
    dynamic,
    notes,
    isPie: header.type === 'shared' && (interpreter !== undefined || ((dynamic?.flags1 ?? 0) & df1Pie) !== 0),
    stack: stackOf(segments),
  };
}

/** As binfmt_elf takes it: the first PT_INTERP, 2 to 4096 bytes, the last of them NUL; up to its first NUL. */
async function readInterpreter(
  reader: FileReader,
  segments: readonly ExactSegment[],
): Promise<Pick<Elf, 'interpreter' | 'interpreterProblem'>> {
  const segment = segments.find(({ type }) => type === segmentTypes.interpreter);
  if (segment === undefined) return { interpreter: undefined, interpreterProblem: undefined };
  const wrong = (interpreterProblem: string) => ({ interpreter: undefined, interpreterProblem });
  const { offset, fileSize } = segment;
  if (fileSize < 2 || fileSize > interpreterLimit) return wrong(`names its interpreter in ${fileSize} bytes`);
  const bytes = await reader.upTo(offset, fileSize);
  if (bytes.length < fileSize) return wrong("ends inside its interpreter's name");
  if (bytes[fileSize - 1] !== 0) return wrong('names an interpreter without an end');
  return { interpreter: textOfBytes(bytes.subarray(0, bytes.indexOf(0))), interpreterProblem: undefined };
}

function stackOf(segments: readonly ExactSegment[]): Elf['stack'] {
  const stack = segments.find(({ type }) => type === segmentTypes.gnuStack);
  if (stack === undefined) return 'unstated';
  return (stack.flags & segmentFlags.execute) !== 0 ? 'executable' : 'plain';
}
