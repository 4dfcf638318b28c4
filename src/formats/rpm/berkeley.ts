const hashMagic = 0x00061561;
const offsets = { magic: 12, pageBytes: 20, pageType: 25, lastPage: 32 } as const;
const pageTypes = { unsortedHash: 2, overflow: 7, hash: 13 } as const;
const itemTypes = { inPage: 1, offPage: 3 } as const;
const pageHeaderBytes = 26;
const offPageItemBytes = 12;

/** Whether these are the first bytes of a Berkeley DB hash. */
export function isBerkeleyHash(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 512) return false;
  return file.readUInt32LE(offsets.magic) === hashMagic || file.readUInt32BE(offsets.magic) === hashMagic;
}

/** The values of a Berkeley DB hash (db_page.h of release 4 and 5) in the order of its pages: rpm's headers. */
export function* berkeleyValues(bytes: Uint8Array): Generator<Uint8Array> {
  if (isBerkeleyHash(bytes)) yield* new BerkeleyFile(bytes).values();
}

class BerkeleyFile {
  readonly #bytes: Buffer;
  readonly #littleEndian: boolean;
  readonly #pageBytes: number;
  /** Bytes that values may still take: a sound file is larger than all of them. */
  #left: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = this.#bytes.readUInt32LE(offsets.magic) === hashMagic;
    this.#pageBytes = Math.min(Math.max(this.#u32(offsets.pageBytes), 512), 65_536);
    this.#left = this.#bytes.length;
  }

  *values(): Generator<Uint8Array> {
    for (let page = this.#pageBytes; page + this.#pageBytes <= this.#bytes.length; page += this.#pageBytes) {
      const type = this.#bytes[page + offsets.pageType];
      if (type !== pageTypes.hash && type !== pageTypes.unsortedHash) continue;
      const count = Math.min(this.#u16(page + 20), Math.floor((this.#pageBytes - pageHeaderBytes) / 2));
      // Keys and values take turns.
      for (let index = 1; index < count; index += 2) {
        const value = this.#item(page, index);
        if (value !== undefined) yield value;
      }
    }
  }

  #item(page: number, index: number): Uint8Array | undefined {
    const at = this.#u16(page + pageHeaderBytes + index * 2);
    const end = index === 0 ? this.#pageBytes : this.#u16(page + pageHeaderBytes + (index - 1) * 2);
    if (at >= end || end > this.#pageBytes) return undefined;
    const type = this.#bytes[page + at];
    if (type === itemTypes.inPage) return this.#bytes.subarray(page + at + 1, page + end);
    if (type !== itemTypes.offPage || at + offPageItemBytes > this.#pageBytes) return undefined;
    return this.#chain(this.#u32(page + at + 4), this.#u32(page + at + 8));
  }

  /** A value in pages of its own, each of which names the next. */
  #chain(first: number, size: number): Uint8Array | undefined {
    if (size > this.#left) return undefined;
    this.#left -= size;
    const parts: Buffer[] = [];
    let next = first;
    let left = size;
    while (left > 0) {
      const page = next * this.#pageBytes;
      if (next === 0 || page + this.#pageBytes > this.#bytes.length) return undefined;
      const here = Math.min(this.#u16(page + 22), this.#pageBytes - pageHeaderBytes, left);
      if (this.#bytes[page + offsets.pageType] !== pageTypes.overflow || here === 0) return undefined;
      parts.push(this.#bytes.subarray(page + pageHeaderBytes, page + pageHeaderBytes + here));
      next = this.#u32(page + 16);
      left -= here;
    }
    return Buffer.concat(parts, size);
  }

  #u16(at: number): number {
    return this.#littleEndian ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  #u32(at: number): number {
    return this.#littleEndian ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }
}
