/** A library that a made Mach-O file names, with its command (default LC_LOAD_DYLIB) and versions. */
export interface MadeDylib {
  readonly path: string;
  readonly command?: number;
  readonly current?: readonly [number, number, number];
  readonly compatibility?: readonly [number, number, number];
}

export interface MadeMacho {
  /** Default: arm64. */
  readonly cpu?: readonly [type: number, subtype: number];
  readonly class?: 32 | 64;
  readonly littleEndian?: boolean;
  /** MH_EXECUTE, which is the default, is 2; MH_DYLIB 6. */
  readonly fileType?: number;
  readonly libraries?: readonly MadeDylib[];
  readonly rpaths?: readonly string[];
  readonly loader?: string;
}

/** A Mach-O file of one architecture: its header and commands. */
export function machoFile(made: MadeMacho = {}): Buffer {
  const { class: bits = 64, littleEndian = true, cpu = [0x0100000c, 0] } = made;
  const words = (...values: number[]) => wordsOf(littleEndian, values);
  const text = (command: number, value: string) => {
    const body = padded(Buffer.from(`${value}\0`));
    return Buffer.concat([words(command, 12 + body.length, 12), body]);
  };
  const library = ({ path, command = 0xc, current = [1, 0, 0], compatibility = [1, 0, 0] }: MadeDylib) => {
    const body = padded(Buffer.from(`${path}\0`));
    return Buffer.concat([words(command, 24 + body.length, 24, 0, version(current), version(compatibility)), body]);
  };
  const commands = [
    ...(made.loader === undefined ? [] : [text(0xe, made.loader)]),
    ...(made.libraries ?? []).map(library),
    ...(made.rpaths ?? []).map((path) => text(0x8000001c, path)),
  ];
  const body = Buffer.concat(commands);
  const magic = bits === 64 ? 0xfeedfacf : 0xfeedface;
  const header = words(magic, ...cpu, made.fileType ?? 2, commands.length, body.length, 0);
  return Buffer.concat([header, ...(bits === 64 ? [words(0)] : []), body]);
}

/** A universal file of several. */
export function fatFile(slices: readonly Buffer[], is64 = false): Buffer {
  const entryBytes = is64 ? 32 : 20;
  let offset = 8 + slices.length * entryBytes;
  const entries = slices.map((slice) => {
    const entry = Buffer.alloc(entryBytes);
    if (is64) entry.writeBigUInt64BE(BigInt(offset), 8);
    else entry.writeUInt32BE(offset, 8);
    offset += slice.length;
    return entry;
  });
  return Buffer.concat([wordsOf(false, [is64 ? 0xcafebabf : 0xcafebabe, slices.length]), ...entries, ...slices]);
}

function wordsOf(littleEndian: boolean, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) {
    if (littleEndian) bytes.writeUInt32LE(value >>> 0, at * 4);
    else bytes.writeUInt32BE(value >>> 0, at * 4);
  }
  return bytes;
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

const version = ([major, minor, patch]: readonly [number, number, number]): number =>
  (major << 16) | (minor << 8) | patch;
