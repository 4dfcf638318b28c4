/**
 * Text from an image as one line that does nothing to the terminal: controls, line ends, marks that turn the direction
 * of writing and bytes that are no UTF-8 are shown as `\n`, `\x1b`, `\u{202e}`.
 */
export const printable = (text: string): string => text.replaceAll(unprintable, escaped);

const unprintable = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // kit/text.ts keeps a byte that is no UTF-8 as a lone surrogate from U+DC80 on.
  const byte = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  return short[character] ?? (byte <= 0xff ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
}

/** Words as one would type them for a shell. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${printable(word)}'`)).join(' ');
