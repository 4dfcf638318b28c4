export interface MadePe {
  /** Default: 64. */
  readonly class?: 32 | 64;
  /** Default: 0x8664. */
  readonly machine?: number;
  readonly isLibrary?: boolean;
  readonly isManaged?: boolean;
  readonly imports?: readonly string[];
  readonly delayed?: readonly string[];
  /** Whether delay-loaded names are addresses, as compilers of the 1990s wrote them. */
  readonly delayedByAddress?: boolean;
}

const peAt = 0x80;
const rawAt = 0x400;
const addressOfSection = 0x2000;
const imageBase = 0x400000;

/** A PE file with one section, which holds the lists of imports. */
export function peFile(made: MadePe = {}): Buffer {
  const is64 = (made.class ?? 64) === 64;
  const section = sectionOf(made);
  const file = Buffer.alloc(rawAt + section.bytes.length);
  file.write('MZ');
  file.writeUInt32LE(peAt, 60);
  file.write('PE\0\0', peAt);
  const optionalBytes = (is64 ? 112 : 96) + 16 * 8;
  file.writeUInt16LE(made.machine ?? 0x8664, peAt + 4);
  file.writeUInt16LE(1, peAt + 6);
  file.writeUInt16LE(optionalBytes, peAt + 20);
  file.writeUInt16LE(made.isLibrary ? 0x2002 : 0x0002, peAt + 22);
  const optional = peAt + 24;
  file.writeUInt16LE(is64 ? 0x20b : 0x10b, optional);
  if (!is64) file.writeUInt32LE(imageBase, optional + 28);
  const countAt = optional + (is64 ? 108 : 92);
  file.writeUInt32LE(16, countAt);
  file.writeUInt32LE(section.imports, countAt + 4 + 1 * 8);
  file.writeUInt32LE(section.delayed, countAt + 4 + 13 * 8);
  file.writeUInt32LE(made.isManaged ? addressOfSection : 0, countAt + 4 + 14 * 8);
  const header = optional + optionalBytes;
  file.write('.rdata', header);
  file.writeUInt32LE(addressOfSection, header + 12);
  file.writeUInt32LE(section.bytes.length, header + 16);
  file.writeUInt32LE(rawAt, header + 20);
  file.set(section.bytes, rawAt);
  return file;
}

function sectionOf({ imports = [], delayed = [], delayedByAddress = false }: MadePe) {
  const delayedAt = (imports.length + 1) * 20;
  const namesAt = delayedAt + (delayed.length + 1) * 32;
  const names = [...imports, ...delayed].map((name) => Buffer.from(`${name}\0`));
  const bytes = Buffer.concat([Buffer.alloc(namesAt), ...names, Buffer.alloc(16)]);
  let name = addressOfSection + namesAt;
  for (const at of imports.keys()) {
    bytes.writeUInt32LE(name, at * 20 + 12);
    name += names[at]?.length ?? 0;
  }
  for (const at of delayed.keys()) {
    bytes.writeUInt32LE(delayedByAddress ? 0 : 1, delayedAt + at * 32);
    bytes.writeUInt32LE(name + (delayedByAddress ? imageBase : 0), delayedAt + at * 32 + 4);
    name += names[imports.length + at]?.length ?? 0;
  }
  return {
    bytes,
    imports: imports.length === 0 ? 0 : addressOfSection,
    delayed: delayed.length === 0 ? 0 : addressOfSection + delayedAt,
  };
}
