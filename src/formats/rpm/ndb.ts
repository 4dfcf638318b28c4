const magics = { database: 'RpmP', slot: 'Slot', blob: 'BlbS' } as const;
const databaseVersion = 0;
const slotBytes = 16;
/** The database's own header takes the place of two slots. */
const firstSlot = 2;
const blockBytes = 16;
const blobHeaderBytes = 16;
const pageBytes = 4096;
const mostPackages = 1_000_000;

/** Whether these are the first bytes of a Packages.db of rpm's own format. */
export const isNdb = (bytes: Uint8Array): boolean => textAt(bytes, 0) === magics.database;

/** The headers in a Packages.db (rpm, lib/backend/ndb/rpmpkg.c), in the order of their slots. */
export function* ndbBlobs(bytes: Uint8Array): Generator<Uint8Array> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < firstSlot * slotBytes || !isNdb(file) || file.readUInt32LE(4) !== databaseVersion) return;
  const end = Math.min(file.readUInt32LE(12) * pageBytes, file.length);
  const seen = new Set<number>();
  for (let at = firstSlot * slotBytes; at + slotBytes <= end && seen.size < mostPackages; at += slotBytes) {
    if (textAt(file, at) !== magics.slot) continue;
    const [id, block] = [file.readUInt32LE(at + 4), file.readUInt32LE(at + 8)];
    const blob = id === 0 || seen.has(block) ? undefined : blobAt(file, block * blockBytes, id);
    if (blob !== undefined) yield blob;
    seen.add(block);
  }
}

function blobAt(file: Buffer, at: number, id: number): Uint8Array | undefined {
  if (at + blobHeaderBytes > file.length) return undefined;
  if (textAt(file, at) !== magics.blob || file.readUInt32LE(at + 4) !== id) return undefined;
  const end = at + blobHeaderBytes + file.readUInt32LE(at + 12);
  return end > file.length ? undefined : file.subarray(at + blobHeaderBytes, end);
}

const textAt = (bytes: Uint8Array, at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
