/**
 * Names in archives and on disk are bytes. They are held as strings that keep every byte:
 * valid UTF-8 is decoded, each other byte B becomes the lone surrogate U+DC00+B
 * (what PEP 383 does), which no valid UTF-8 gives, so the way back is exact.
 */
export function textOfBytes(bytes: Uint8Array): string {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = view.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text, 'utf8').equals(view)) return text;
  return decodeKeeping(view);
}

/** The bytes that {@link textOfBytes} was given. */
export function bytesOfText(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, 'utf8');
  const parts = text.split(/(?<![\ud800-\udbff])([\udc80-\udcff])/);
  return Buffer.concat(
    parts.map((part) =>
      /^[\udc80-\udcff]$/.test(part) ? Buffer.of(part.charCodeAt(0) & 0xff) : Buffer.from(part, 'utf8'),
    ),
  );
}

function decodeKeeping(view: Buffer): string {
  let text = '';
  for (let at = 0; at < view.length; ) {
    const length = sequenceLength(view, at);
    if (length === 0) text += String.fromCharCode(0xdc00 + (view[at++] ?? 0));
    else {
      text += view.toString('utf8', at, at + length);
      at += length;
    }
  }
  return text;
}

/** Length of the valid UTF-8 sequence at `at`, or 0. */
function sequenceLength(view: Buffer, at: number): number {
  const first = view[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > view.length) return 0;
  const text = view.toString('utf8', at, at + length);
  return Buffer.from(text, 'utf8').equals(view.subarray(at, at + length)) ? length : 0;
}

/** Order of two names by their bytes, the order of `LC_ALL=C sort`. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  // Below the surrogates, code units and UTF-8 bytes have the same order.
  if (highUnits.test(a) || highUnits.test(b)) return Buffer.compare(bytesOfText(a), bytesOfText(b));
  return a < b ? -1 : 1;
}

const highUnits = /[\ud800-\uffff]/;

/**
 * `text` without those of `characters` that it ends in. The same as a regular expression `[…]+$` gives, which
 * takes the square of the length where such characters stand in a long row elsewhere.
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}
