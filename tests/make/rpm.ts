/** What the header of a made rpm package says. */
export interface MadeRpm {
  readonly name: string;
  readonly version?: string;
  readonly release?: string;
  readonly epoch?: number;
  readonly architecture?: string;
  readonly sourceRpm?: string;
  readonly requires?: readonly string[];
  readonly provides?: readonly string[];
  readonly files?: readonly string[];
}

const [int32, text, texts] = [4, 6, 8];

/** A header as a database keeps it: without magic, all numbers big-endian. */
export function rpmHeader(made: MadeRpm): Buffer {
  const files = made.files ?? [];
  const directories = [...new Set(files.map(directoryOf))];
  const entries: [tag: number, type: number, values: readonly (string | number)[]][] = [
    [1000, text, [made.name]],
    [1001, text, [made.version ?? '1']],
    [1002, text, [made.release ?? '1']],
    [1003, int32, made.epoch === undefined ? [] : [made.epoch]],
    [1009, int32, [4096]],
    [1022, text, [made.architecture ?? 'x86_64']],
    [1044, text, [made.sourceRpm ?? `${made.name}-1-1.src.rpm`]],
    [1047, texts, made.provides ?? []],
    [1049, texts, made.requires ?? []],
    [1116, int32, files.map((file) => directories.indexOf(directoryOf(file)))],
    [1117, texts, files.map((file) => file.slice(directoryOf(file).length))],
    [1118, texts, directories],
  ];
  const index: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, type, values] of entries.filter(([, , { length }]) => length > 0)) {
    if (type === int32) data = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    index.push(bigEndian(tag, type, data.length, values.length));
    const bytes = values.map((value) => (typeof value === 'number' ? bigEndian(value) : Buffer.from(`${value}\0`)));
    data = Buffer.concat([data, ...bytes]);
  }
  return Buffer.concat([bigEndian(index.length, data.length), ...index, data]);
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

function bigEndian(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4);
  return bytes;
}

function littleEndian(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, at * 4);
  return bytes;
}

/** A Packages.db. */
export function ndbFile(blobs: readonly Uint8Array[]): Buffer {
  const slots: Buffer[] = [];
  const bodies: Buffer[] = [];
  let block = 4096 / 16;
  for (const [at, blob] of blobs.entries()) {
    const blocks = Math.ceil((16 + blob.length + 12) / 16);
    slots.push(Buffer.concat([Buffer.from('Slot'), littleEndian(at + 1, block, blocks)]));
    const body = Buffer.alloc(blocks * 16);
    body.set(Buffer.concat([Buffer.from('BlbS'), littleEndian(at + 1, 1, blob.length), blob]));
    bodies.push(body);
    block += blocks;
  }
  const head = Buffer.alloc(4096);
  head.set(Buffer.concat([Buffer.from('RpmP'), littleEndian(0, 1, 1, blobs.length + 1, 0, 0, 0), ...slots]));
  for (let at = 32 + slots.length * 16; at < head.length; at += 16) head.write('Slot', at);
  return Buffer.concat([head, ...bodies]);
}

/** A Berkeley DB hash with pages of 512 bytes: short values in the page of their keys, longer ones in their own. */
export function berkeleyFile(values: readonly Uint8Array[], isLittleEndian = true): Buffer {
  const pageBytes = 512;
  const u32 = (page: Buffer, at: number, value: number) =>
    isLittleEndian ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at);
  const u16 = (page: Buffer, at: number, value: number) =>
    isLittleEndian ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at);
  const pages = [Buffer.alloc(pageBytes), Buffer.alloc(pageBytes)];
  const [meta, hash] = pages as [Buffer, Buffer];
  u32(meta, 12, 0x00061561);
  u32(meta, 20, pageBytes);
  meta[25] = 8;
  hash[25] = 13;
  u16(hash, 20, values.length * 2);
  let end = pageBytes;
  const put = (index: number, item: Buffer) => {
    end -= item.length;
    hash.set(item, end);
    u16(hash, 26 + index * 2, end);
  };
  for (const [at, value] of values.entries()) {
    put(at * 2, Buffer.concat([Buffer.of(1), littleEndian(at)]));
    const item = Buffer.alloc(12);
    item[0] = 3;
    u32(item, 4, pages.length);
    u32(item, 8, value.length);
    put(at * 2 + 1, value.length < 16 ? Buffer.concat([Buffer.of(1), value]) : item);
    for (let from = 0; value.length >= 16 && from < value.length; from += pageBytes - 26) {
      const page = Buffer.alloc(pageBytes);
      const part = value.subarray(from, from + pageBytes - 26);
      const isLast = from + part.length === value.length;
      u32(page, 16, isLast ? 0 : pages.length + 1);
      u16(page, 22, part.length);
      page[25] = 7;
      page.set(part, 26);
      pages.push(page);
    }
  }
  return Buffer.concat(pages);
}
