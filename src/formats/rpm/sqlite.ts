const magic = Buffer.from('SQLite format 3\0', 'latin1');
const headerBytes = 100;
const pageKinds = { interiorTable: 0x05, leafTable: 0x0d } as const;
const mostRows = 1_000_000;
const mostDepth = 40;

/** A table's row: the values of its columns. */
export type SqliteRow = readonly (Buffer | string | number | null)[];

/** Whether these are the first bytes of an SQLite database. */
export const isSqlite = (bytes: Uint8Array): boolean => magic.equals(bytes.subarray(0, magic.length));

/**
 * The rows of one table of an SQLite database (sqlite.org/fileformat2.html), in the order of their ids; none where
 * there is no such table. Damaged pages and cells are passed over; nothing is visited twice.
 */
export function* sqliteRows(bytes: Uint8Array, table: string): Generator<SqliteRow> {
  if (!isSqlite(bytes) || bytes.length < headerBytes) return;
  const file = new SqliteFile(bytes);
  for (const [type, name, , root] of file.rows(1)) {
    if (type !== 'table' || name !== table || typeof root !== 'number') continue;
    yield* file.rows(root);
    return;
  }
}

class SqliteFile {
  readonly #bytes: Buffer;
  readonly #pageBytes: number;
  /** Of a page, without what is reserved at its end. */
  readonly #usable: number;
  /** Bytes that rows may still take: each page has its own, so all rows of a sound file are smaller than the file. */
  #left: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = this.#bytes.readUInt16BE(16);
    this.#pageBytes = size === 1 ? 65_536 : Math.max(size, 512);
    this.#usable = Math.max(this.#pageBytes - (this.#bytes[20] ?? 0), 480);
    this.#left = this.#bytes.length;
  }

  *rows(root: number): Generator<SqliteRow> {
    const seen = new Set<number>();
    let count = 0;
    for (const page of this.#leaves(root, seen, 0)) {
      for (const at of this.#cells(page, 8)) {
        const row = this.#row(at);
        if (row !== undefined) yield row;
        if (++count >= mostRows) return;
      }
    }
  }

  /** Numbers of the leaf pages below a page, in order. */
  *#leaves(number: number, seen: Set<number>, depth: number): Generator<number> {
    const start = this.#startOf(number);
    if (start === undefined || seen.has(number) || depth > mostDepth) return;
    seen.add(number);
    const header = number === 1 ? start + headerBytes : start;
    const kind = this.#bytes[header];
    if (kind === pageKinds.leafTable) yield number;
    if (kind !== pageKinds.interiorTable) return;
    for (const at of this.#cells(number, 12)) {
      if (at + 4 <= this.#bytes.length) yield* this.#leaves(this.#bytes.readUInt32BE(at), seen, depth + 1);
    }
    yield* this.#leaves(this.#bytes.readUInt32BE(header + 8), seen, depth + 1);
  }

  /** Where the cells of a page stand in the file. */
  #cells(number: number, pageHeaderBytes: number): number[] {
    const start = this.#startOf(number) ?? 0;
    const header = number === 1 ? start + headerBytes : start;
    const pointers = header + pageHeaderBytes;
    const room = Math.floor((start + this.#pageBytes - pointers) / 2);
    const count = Math.min(this.#bytes.readUInt16BE(header + 3), room);
    return Array.from({ length: count }, (_, index) => start + this.#bytes.readUInt16BE(pointers + index * 2));
  }

  #startOf(number: number): number | undefined {
    const start = (number - 1) * this.#pageBytes;
    return start >= 0 && start + this.#pageBytes <= this.#bytes.length ? start : undefined;
  }

  #row(at: number): SqliteRow | undefined {
    const size = this.#varint(at);
    const id = this.#varint(size.end);
    const payload = this.#payload(id.end, size.value);
    return payload && recordOf(payload, id.value);
  }

  /** What a cell holds: in the page as far as the format lets it, the rest in a chain of overflow pages. */
  #payload(at: number, size: number): Buffer | undefined {
    if (size > this.#left) return undefined;
    this.#left -= size;
    const local = this.#localBytes(size);
    if (at + local > this.#bytes.length) return undefined;
    const parts = [this.#bytes.subarray(at, at + local)];
    let left = size - local;
    let next = left > 0 && at + local + 4 <= this.#bytes.length ? this.#bytes.readUInt32BE(at + local) : 0;
    while (left > 0) {
      const start = this.#startOf(next);
      if (start === undefined) return undefined;
      const here = Math.min(left, this.#usable - 4);
      parts.push(this.#bytes.subarray(start + 4, start + 4 + here));
      next = this.#bytes.readUInt32BE(start);
      left -= here;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts, size);
  }

  #localBytes(size: number): number {
    const most = this.#usable - 35;
    if (size <= most) return size;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitting = least + ((size - least) % (this.#usable - 4));
    return fitting <= most ? fitting : least;
  }

  #varint = (at: number): Varint => varintIn(this.#bytes, at);
}

interface Varint {
  readonly value: number;
  readonly end: number;
}

/** Up to nine bytes, seven bits in each of the first eight; beyond 2^53 it is rounded. */
function varintIn(bytes: Buffer, at: number): Varint {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index] ?? 0;
    if (index === 8) return { value: value * 256 + byte, end: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return { value, end: at + 9 };
}

const fixedBytes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;
const mostColumns = 2000;

function recordOf(payload: Buffer, id: number): SqliteRow {
  const header = varintIn(payload, 0);
  const row: (Buffer | string | number | null)[] = [];
  let value = header.value;
  for (let at = header.end; at < Math.min(header.value, payload.length) && row.length < mostColumns; ) {
    const serial = varintIn(payload, at);
    const length = fixedBytes[serial.value] ?? Math.max(Math.floor((serial.value - 12) / 2), 0);
    row.push(columnOf(serial.value, payload.subarray(value, value + length), id));
    value += length;
    at = serial.end;
  }
  return row;
}

/** NULL stands for the row's id where a column is its alias; whole numbers are all that is needed here. */
function columnOf(serial: number, bytes: Buffer, id: number): Buffer | string | number | null {
  if (serial === 0) return id;
  if (serial === 8 || serial === 9) return serial - 8;
  if (serial === 6) return bytes.length < 8 ? null : Number(bytes.readBigInt64BE(0));
  if (serial < 6) return bytes.length === 0 ? null : bytes.readIntBE(0, bytes.length);
  if (serial < 12) return null;
  return serial % 2 === 0 ? bytes : bytes.toString('utf8');
}
