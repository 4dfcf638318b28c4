const pageBytes = 512;

/** A column of a made row; undefined is NULL. */
type Column = string | number | Uint8Array | undefined;

/**
 * An SQLite database with one table of blobs, `CREATE TABLE NAME (id INTEGER PRIMARY KEY, blob BLOB)`, with pages of
 * 512 bytes: each row in a leaf of its own below one interior page, long ones in overflow pages.
 */
export function sqliteFile(table: string, blobs: readonly Uint8Array[]): Buffer {
  const pages: Buffer[] = [Buffer.alloc(pageBytes), Buffer.alloc(pageBytes)];
  const leaves = blobs.map((blob, at) => putLeaf(pages, record([undefined, blob]), at + 1));
  const [first, root] = pages as [Buffer, Buffer];
  putInterior(root, leaves);
  first.write('SQLite format 3\0', 'latin1');
  first.writeUInt16BE(pageBytes, 16);
  const schema = record(['table', table, table, 2, `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, blob BLOB)`]);
  putCell(first, 100, Buffer.concat([varint(schema.length), varint(1), schema]));
  return Buffer.concat(pages);
}

function putLeaf(pages: Buffer[], payload: Buffer, id: number): number {
  const page = Buffer.alloc(pageBytes);
  pages.push(page);
  const number = pages.length;
  const local = localBytes(payload.length);
  const parts = [varint(payload.length), varint(id), payload.subarray(0, local)];
  if (local < payload.length) parts.push(pointer(pages.length + 1));
  for (let at = local; at < payload.length; at += pageBytes - 4) {
    const overflow = Buffer.alloc(pageBytes);
    pages.push(overflow);
    const isLast = at + pageBytes - 4 >= payload.length;
    overflow.writeUInt32BE(isLast ? 0 : pages.length + 1, 0);
    overflow.set(payload.subarray(at, at + pageBytes - 4), 4);
  }
  putCell(page, 0, Buffer.concat(parts));
  return number;
}

/** sqlite.org/fileformat2.html, 1.6: how much of a payload stays in its leaf. */
function localBytes(size: number): number {
  const most = pageBytes - 35;
  if (size <= most) return size;
  const least = Math.floor(((pageBytes - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (pageBytes - 4));
  return fitting <= most ? fitting : least;
}

function putCell(page: Buffer, header: number, cell: Buffer): void {
  page[header] = 0x0d;
  page.writeUInt16BE(1, header + 3);
  page.writeUInt16BE(pageBytes - cell.length, header + 8);
  page.set(cell, pageBytes - cell.length);
}

function putInterior(page: Buffer, leaves: readonly number[]): void {
  page[0] = leaves.length === 0 ? 0x0d : 0x05;
  const cells = leaves.slice(0, -1);
  page.writeUInt16BE(cells.length, 3);
  page.writeUInt32BE(leaves.at(-1) ?? 0, 8);
  for (const [at, leaf] of cells.entries()) {
    const start = pageBytes - (at + 1) * 5;
    page.writeUInt16BE(start, 12 + at * 2);
    page.set(Buffer.concat([pointer(leaf), varint(at + 1)]), start);
  }
}

function record(columns: readonly Column[]): Buffer {
  const types = columns.map((column) => {
    if (column === undefined) return varint(0);
    if (typeof column === 'number') return varint(1);
    return varint(column.length * 2 + (typeof column === 'string' ? 13 : 12));
  });
  const header = Buffer.concat(types);
  const values = columns.map((column) => {
    if (typeof column === 'number') return Buffer.of(column);
    return column === undefined ? Buffer.alloc(0) : Buffer.from(column as string);
  });
  return Buffer.concat([varint(header.length + 1), header, ...values]);
}

function pointer(page: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(page);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift((left % 128) | 0x80);
  return Buffer.from(bytes);
}
