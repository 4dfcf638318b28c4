import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { segmentFlags, segmentTypes } from '../../../../formats/elf/index.ts';
import { readAt } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';

const amd64 = 62;
/** Larger programs are not searched. */
const mostBytes = 96 * 1024 * 1024;
const longestText = 256;
const mostTexts = 50_000;
/** Between the two instructions other arguments may be set: as many bytes as three of those take. */
const reach = 22;
const [rexW, rexWR] = [0x48, 0x4c];
const [lea, movImmediate] = [0x8d, 0xb8];
const printable = /^[\x20-\x7e]+$/;

/**
 * Texts that code for amd64 hands to functions as address and length, in two instructions: `LEAQ text(SB), AX;
 * MOVL $3, BX` in Go's register ABI (since 1.17), `lea rdi, [rip + text]; mov esi, 3` in Rust. Such texts stand in
 * the file without ends, so that strings alone do not tell `git` from a part of another word. Empty for other machines.
 */
export function constantsOf(scene: Scene, program: ProgramFacts): Promise<ReadonlySet<string>> {
  const constants = known.get(program) ?? findConstants(scene, program);
  known.set(program, constants);
  return constants;
}

const known = new WeakMap<ProgramFacts, Promise<ReadonlySet<string>>>();

/** The first of these functions that is linked into a Go program: `crypto/tls.Dial`, as its table of functions names it. */
export const goFunctionOf = wordIn;

/** The first of these words that stands between NULs in what the program has in memory: strings begin at four letters. */
export async function wordIn(
  scene: Scene,
  program: ProgramFacts,
  names: readonly string[],
): Promise<string | undefined> {
  const data = (await partsOf(scene, program)).filter(({ isCode }) => !isCode);
  return names.find((name) => data.some(({ bytes }) => bytes.includes(`\0${name}\0`, 0, 'latin1')));
}

async function findConstants(scene: Scene, program: ProgramFacts): Promise<ReadonlySet<string>> {
  const texts = new Set<string>();
  if (program.elf.machine !== amd64) return texts;
  const parts = await partsOf(scene, program);
  for (const code of parts.filter(({ isCode }) => isCode)) collect(code, parts, texts);
  return texts;
}

interface Part {
  readonly address: number;
  readonly bytes: Buffer;
  readonly isCode: boolean;
}

/** What the kernel maps of the program; nothing of one that is too large to search. */
async function partsOf({ tree }: Scene, { path, elf }: ProgramFacts): Promise<readonly Part[]> {
  const node = await tree.lookup(path);
  const loads = elf.segments.filter(({ type, fileSize }) => type === segmentTypes.load && fileSize > 0);
  const total = loads.reduce((sum, { fileSize }) => sum + fileSize, 0);
  if (node === undefined || total > mostBytes) return [];
  const parts: Part[] = [];
  for (const { offset, fileSize, address, flags } of loads) {
    const bytes = await readAt(node.content, offset, fileSize);
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    parts.push({ address, bytes: view, isCode: (flags & segmentFlags.execute) !== 0 });
  }
  return parts;
}

function collect({ bytes, address }: Part, parts: readonly Part[], texts: Set<string>): void {
  const end = bytes.length - 7 - reach;
  for (
    let at = bytes.indexOf(lea, 1);
    at !== -1 && at < end && texts.size < mostTexts;
    at = bytes.indexOf(lea, at + 1)
  ) {
    const prefix = bytes[at - 1];
    // ModRM of [rip + disp32]: mod 00, rm 101.
    if ((prefix !== rexW && prefix !== rexWR) || ((bytes[at + 1] ?? 0) & 0xc7) !== 0x05) continue;
    const target = address + at + 6 + bytes.readInt32LE(at + 2);
    const length = lengthAfter(bytes, at + 6);
    const text = length === undefined ? undefined : textAt(parts, target, length);
    if (text !== undefined) texts.add(text);
  }
}

/** The constant of the next `MOV r32, imm32`. */
function lengthAfter(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at < from + reach - 4; at++) {
    if (((bytes[at] ?? 0) & 0xf8) !== movImmediate) continue;
    const length = bytes.readUInt32LE(at + 1);
    if (length > 0 && length <= longestText) return length;
  }
  return undefined;
}

function textAt(parts: readonly Part[], target: number, length: number): string | undefined {
  const part = parts.find(
    ({ address, bytes, isCode }) => !isCode && target >= address && target + length <= address + bytes.length,
  );
  const text = part?.bytes.toString('latin1', target - part.address, target - part.address + length);
  return text !== undefined && printable.test(text) ? text : undefined;
}
