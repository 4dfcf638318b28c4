/**
 * A number field of a header: octal digits between spaces and NULs, or GNU's base-256 (two's complement)
 * where its first bit is set. An empty field is 0; NaN when it is neither, or beyond 2^53.
 */
export function parseNumber(block: Uint8Array, at: number, length: number): number {
  return ((block[at] ?? 0) & 0x80) === 0 ? parseOctal(block, at, at + length) : parseBase256(block, at, length);
}

function parseOctal(block: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isFiller(block[at])) at++;
  let value = 0;
  for (; at < end; at++) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  while (at < end && block[at] === 0x20) at++;
  const whole = at === end || block[at] === 0;
  return whole && Number.isSafeInteger(value) ? value : Number.NaN;
}

const isFiller = (byte: number | undefined): boolean => byte === 0x20 || byte === 0;

function parseBase256(block: Uint8Array, start: number, length: number): number {
  const negative = ((block[start] ?? 0) & 0x40) !== 0;
  const inverse = negative ? 0xff : 0;
  let value = 0;
  for (let index = 0; index < length; index++) {
    const byte = (block[start + index] ?? 0) ^ inverse;
    value = value * 256 + (index === 0 ? byte & 0x7f : byte);
  }
  if (!Number.isSafeInteger(value)) return Number.NaN;
  return negative ? -value - 1 : value;
}

/** Digits that fit a field of `length` bytes with its closing NUL; undefined when `value` does not. */
export function formatOctal(value: number, length: number): string | undefined {
  if (!Number.isSafeInteger(value) || value < 0) return undefined;
  const digits = value.toString(8);
  return digits.length < length ? digits.padStart(length - 1, '0') : undefined;
}

/** The whole decimal number of a PAX record: an optional sign and digits; NaN for all else, or beyond 2^53. */
export function parseDecimal(text: string): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

export interface Instant {
  readonly seconds: number;
  /** 0 to 999,999,999, added to `seconds`, also before 1970. */
  readonly nanoseconds: number;
}

/** A time of a PAX record: seconds since 1970 with any number of decimals, of which nine count. */
export function parseInstant(text: string): Instant | undefined {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d{1,16})(?:\.(\d*))?$/.exec(text) ?? [];
  const seconds = Number(whole);
  if (sign === undefined || !Number.isSafeInteger(seconds)) return undefined;
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'));
  if (sign === '') return { seconds, nanoseconds };
  return nanoseconds === 0
    ? { seconds: seconds === 0 ? 0 : -seconds, nanoseconds }
    : { seconds: -seconds - 1, nanoseconds: 1e9 - nanoseconds };
}

/** The shortest text that {@link parseInstant} reads back. */
export function formatInstant({ seconds, nanoseconds }: Instant): string {
  if (nanoseconds === 0) return String(seconds);
  const [sign, whole, fraction] = seconds < 0 ? ['-', -(seconds + 1), 1e9 - nanoseconds] : ['', seconds, nanoseconds];
  return `${sign}${whole}.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
}
