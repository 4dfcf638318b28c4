import { Fault } from '../../kit/index.ts';
import { encodeHeader } from './encode.ts';
import type { TarItem } from './entry.ts';
import { blockSize, paddingOf } from './limits.ts';

/** Output is handed on in portions of about this size; larger pieces of content pass without being copied. */
const portionBytes = 1 << 18;

/**
 * Writes an archive: POSIX ustar, with a PAX header before entries that need one (see `encodeHeader`), items in
 * the order given, two blocks of zeros at the end. Equal items give equal bytes. Hard links have no content,
 * and come after the file that they name.
 * @throws {Fault} TAR_MALFORMED for a header that tar cannot hold, or content that is not as long as its header says.
 */
export async function* writeTar(items: AsyncIterable<TarItem> | Iterable<TarItem>): AsyncGenerator<Uint8Array> {
  const portion = new Portion();
  for await (const { header, body } of items) {
    for (const ready of portion.add(encodeHeader(header))) yield ready;
    if (header.type !== 'file') continue;
    let left = header.sizeBytes;
    if (body !== undefined) {
      for await (const bytes of body.open()) {
        left -= bytes.byteLength;
        if (left < 0) break;
        for (const ready of portion.add(bytes)) yield ready;
      }
    }
    if (left !== 0) throw otherSize(header, left);
    for (const ready of portion.add(zeroBlock.subarray(0, paddingOf(header.sizeBytes)))) yield ready;
  }
  for (const ready of portion.add(zeroBlock)) yield ready;
  for (const ready of portion.add(zeroBlock)) yield ready;
  for (const ready of portion.flush()) yield ready;
}

const zeroBlock = Buffer.alloc(blockSize);

const otherSize = (header: TarItem['header'], left: number): Fault =>
  new Fault(
    'TAR_MALFORMED',
    `${JSON.stringify(header.path.slice(0, 200))} has ${left < 0 ? 'more' : 'fewer'} bytes than the ${header.sizeBytes} that were announced`,
    { hint: 'Try again when nothing writes to the file.', about: { sizeBytes: header.sizeBytes } },
  );

const nothing: readonly Uint8Array[] = [];

/** Gathers small pieces, so that a reader is not woken for each of them; each call gives what is ready. */
class Portion {
  #buffer = Buffer.alloc(0);
  #used = 0;

  add(bytes: Uint8Array): readonly Uint8Array[] {
    if (bytes.byteLength > portionBytes / 2) return [...this.flush(), bytes];
    const ready = bytes.byteLength > this.#buffer.length - this.#used ? this.flush() : nothing;
    if (bytes.byteLength > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(portionBytes);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.byteLength;
    return ready;
  }

  flush(): readonly Uint8Array[] {
    if (this.#used === 0) return nothing;
    const full = this.#buffer.subarray(0, this.#used);
    this.#buffer = this.#buffer.subarray(this.#used);
    this.#used = 0;
    return [full];
  }
}
