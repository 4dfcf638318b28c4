import type { Source } from '../kit/index.ts';

const empty: Uint8Array = new Uint8Array(0);

/** Whether two sources hold the same bytes. Reads no further than the first difference. */
export async function hasSameBytes(a: Source, b: Source): Promise<boolean> {
  const left = a.open()[Symbol.asyncIterator]();
  const right = b.open()[Symbol.asyncIterator]();
  try {
    for (let [one, two] = [empty, empty]; ; ) {
      one = one.length > 0 ? one : await nextPiece(left);
      two = two.length > 0 ? two : await nextPiece(right);
      const length = Math.min(one.length, two.length);
      if (length === 0) return one.length === two.length;
      if (Buffer.compare(one.subarray(0, length), two.subarray(0, length)) !== 0) return false;
      one = one.subarray(length);
      two = two.subarray(length);
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}

/** The next bytes that are not none; none at the end only. */
async function nextPiece(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return empty;
    if (value.length > 0) return value;
  }
}
