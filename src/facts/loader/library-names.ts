const [zero, nine] = [0x30, 0x39];
const isDigit = (code: number): boolean => code >= zero && code <= nine;

/**
 * The order of names in an ld.so.cache: runs of digits compare as numbers, so `libx.so.10` comes after
 * `libx.so.9`, and `libx.so.01` equals `libx.so.1`. Below, equal to or above 0.
 */
export function compareLibraryNames(one: Uint8Array, other: Uint8Array): number {
  let at = 0;
  let otherAt = 0;
  while (at < one.length) {
    const code = one[at] ?? 0;
    const otherCode = other[otherAt] ?? 0;
    if (code === otherCode && (code < zero || code > nine)) {
      at++;
      otherAt++;
      continue;
    }
    if (isDigit(code) !== isDigit(otherCode)) return isDigit(code) ? 1 : -1;
    if (!isDigit(code)) return code - otherCode;
    const number = readNumber(one, at);
    const otherNumber = readNumber(other, otherAt);
    if (number.value !== otherNumber.value) return number.value - otherNumber.value;
    at = number.end;
    otherAt = otherNumber.end;
  }
  return otherAt < other.length ? -1 : 0;
}

/** The number wraps as glibc's `int` does. */
function readNumber(text: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  let end = start;
  for (; isDigit(text[end] ?? 0); end++) value = (Math.imul(value, 10) + (text[end] ?? 0) - zero) | 0;
  return { value, end };
}
