/** What one header of an rpm database says (rpm's docs, "RPM V4 header format"). Texts are kept as bytes are. */
export interface RpmHeader {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch: number | undefined;
  readonly architecture: string;
  /** The name of the source package's file: `bash-5.2-1.src.rpm`. */
  readonly sourceRpm: string;
  readonly sizeBytes: number | undefined;
  readonly requires: readonly string[];
  readonly recommends: readonly string[];
  readonly suggests: readonly string[];
  readonly provides: readonly string[];
}

const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  size: 1009,
  architecture: 1022,
  fileNames: 1027,
  sourceRpm: 1044,
  provides: 1047,
  requires: 1049,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  longSize: 5009,
  recommends: 5046,
  suggests: 5049,
} as const;
const types = { int32: 4, int64: 5, string: 6, stringArray: 8, localized: 9 } as const;

const entryBytes = 16;
const introBytes = 8;
const mostEntries = 65_536;
const mostTexts = 1_000_000;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** Reads the blob that an rpm database keeps of a package; undefined for what is none. */
export function parseRpmHeader(blob: Uint8Array): RpmHeader | undefined {
  const store = Store.of(blob);
  const name = store?.text(tags.name);
  if (store === undefined || name === undefined || name === '') return undefined;
  return {
    name,
    version: store.text(tags.version) ?? '',
    release: store.text(tags.release) ?? '',
    epoch: store.numbers(tags.epoch)[0],
    architecture: store.text(tags.architecture) ?? '',
    sourceRpm: store.text(tags.sourceRpm) ?? '',
    sizeBytes: store.numbers(tags.longSize)[0] ?? store.numbers(tags.size)[0],
    requires: store.texts(tags.requires),
    recommends: store.texts(tags.recommends),
    suggests: store.texts(tags.suggests),
    provides: store.texts(tags.provides),
  };
}

/** The files of the package of a blob, directories among them, in the order of the header. */
export function filesOfRpmHeader(blob: Uint8Array): string[] {
  const store = Store.of(blob);
  if (store === undefined) return [];
  const names = store.texts(tags.baseNames);
  if (names.length === 0) return store.texts(tags.fileNames);
  const directories = store.texts(tags.directoryNames);
  const indexes = store.numbers(tags.directoryIndexes);
  return names.flatMap((name, at) => {
    const directory = directories[indexes[at] ?? -1];
    return directory === undefined ? [] : [directory + name];
  });
}

/** The index of a header and the data that it points into; all numbers are big-endian. */
class Store {
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #data: Buffer;

  private constructor(entries: ReadonlyMap<number, Entry>, data: Buffer) {
    this.#entries = entries;
    this.#data = data;
  }

  static of(blob: Uint8Array): Store | undefined {
    const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
    if (bytes.length < introBytes) return undefined;
    const count = bytes.readUInt32BE(0);
    const dataBytes = bytes.readUInt32BE(4);
    const start = introBytes + count * entryBytes;
    if (count > mostEntries || start + dataBytes > bytes.length) return undefined;
    const entries = new Map<number, Entry>();
    for (let at = introBytes; at < start; at += entryBytes) {
      const [tag, type] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
      entries.set(tag, { type, offset: bytes.readUInt32BE(at + 8), count: bytes.readUInt32BE(at + 12) });
    }
    return new Store(entries, bytes.subarray(start, start + dataBytes));
  }

  text(tag: number): string | undefined {
    return this.texts(tag)[0];
  }

  /** Strings that do not end within the data are left out. */
  texts(tag: number): string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return [];
    const { type, count } = entry;
    if (type !== types.string && type !== types.stringArray && type !== types.localized) return [];
    const texts: string[] = [];
    let at = entry.offset;
    while (texts.length < Math.min(type === types.string ? 1 : count, mostTexts)) {
      const end = this.#data.indexOf(0, at);
      if (end === -1 || at >= this.#data.length) break;
      texts.push(this.#data.toString('utf8', at, end));
      at = end + 1;
    }
    return texts;
  }

  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== types.int32 && entry.type !== types.int64)) return [];
    const bytes = entry.type === types.int32 ? 4 : 8;
    const room = Math.floor(Math.max(this.#data.length - entry.offset, 0) / bytes);
    return Array.from({ length: Math.min(entry.count, room, mostTexts) }, (_, index) => {
      const at = entry.offset + index * bytes;
      return bytes === 4 ? this.#data.readUInt32BE(at) : Number(this.#data.readBigUInt64BE(at));
    });
  }
}
