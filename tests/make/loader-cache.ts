export interface MadeEntry {
  readonly name: string;
  readonly path: string;
  /** Default: libc6 of x86-64. */
  readonly flags?: number;
  /** A directory under glibc-hwcaps. */
  readonly level?: string;
  readonly hardware?: bigint;
}

export interface CacheParts {
  /** In the order of the file: ld.so expects them sorted downwards. */
  readonly entries: readonly MadeEntry[];
  /** Default: `new`. */
  readonly format?: 'old' | 'new' | 'both';
  readonly littleEndian?: boolean;
}

const x8664 = 0x303;
const levelMark = 1n << 62n;

/** An ld.so.cache as ldconfig writes it. */
export function loaderCache({ entries, format = 'new', littleEndian = true }: CacheParts): Uint8Array {
  const put = numbers(littleEndian);
  if (format === 'new') return newCache(entries, littleEndian, put);
  const strings = format === 'both' ? newCache(entries, littleEndian, put) : stringsOf(entries).bytes;
  const tableEnd = 16 + entries.length * 12;
  const padding = format === 'both' ? Math.ceil(tableEnd / 8) * 8 - tableEnd : 0;
  const at = stringsOf(entries).at;
  const rows = entries.map(({ name, path, flags = x8664 }) =>
    Buffer.concat([put(flags, 4), put(at(name), 4), put(at(path), 4)]),
  );
  const head = Buffer.concat([Buffer.from('ld.so-1.7.0\0'), put(entries.length, 4)]);
  return Buffer.concat([head, ...rows, Buffer.alloc(padding), strings]);
}

function newCache(entries: readonly MadeEntry[], littleEndian: boolean, put: Put): Buffer {
  const levels = [...new Set(entries.flatMap(({ level }) => (level === undefined ? [] : [level])))];
  const { bytes: strings, at } = stringsOf(entries, levels);
  const start = 48 + entries.length * 24;
  const extension = Math.ceil((start + strings.length) / 4) * 4;
  const rows = entries.map(({ name, path, flags = x8664, level, hardware = 0n }) => {
    const bits = level === undefined ? hardware : levelMark | BigInt(levels.indexOf(level));
    return Buffer.concat([put(flags, 4), put(start + at(name), 4), put(start + at(path), 4), put(0, 4), put(bits, 8)]);
  });
  const header = Buffer.alloc(48);
  header.write('glibc-ld.so.cache1.1', 'latin1');
  header.set(Buffer.concat([put(entries.length, 4), put(strings.length, 4), Buffer.of(littleEndian ? 2 : 3)]), 20);
  if (levels.length > 0) header.set(put(extension, 4), 32);
  const table = [
    put(0xeaa42174, 4),
    put(1, 4),
    put(1, 4),
    put(0, 4),
    put(extension + 24, 4),
    put(levels.length * 4, 4),
  ];
  const tail = levels.length === 0 ? [] : [...table, ...levels.map((level) => put(start + at(level), 4))];
  const body = Buffer.concat([header, ...rows, strings]);
  return Buffer.concat([body, Buffer.alloc(levels.length > 0 ? extension - body.length : 0), ...tail]);
}

function stringsOf(entries: readonly MadeEntry[], levels: readonly string[] = []) {
  const texts = [...new Set([...entries.flatMap(({ name, path }) => [name, path]), ...levels])];
  const bytes = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  return {
    bytes,
    at: (text: string) => texts.slice(0, texts.indexOf(text)).join('\0').length + (texts[0] === text ? 0 : 1),
  };
}

type Put = (value: number | bigint, size: number) => Buffer;

const numbers =
  (littleEndian: boolean): Put =>
  (value, size) => {
    const bytes = Buffer.alloc(8);
    if (littleEndian) bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeBigUInt64BE(BigInt(value) << BigInt(64 - size * 8));
    return bytes.subarray(0, size);
  };
