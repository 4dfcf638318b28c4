import { UsageError } from './usage.ts';

/**
 * The words of one flag's value: a JSON list of texts, or words as a shell would cut them
 * (quotes and backslashes keep spaces; nothing is expanded).
 * @throws {UsageError}
 */
export function wordsOf(flag: string, text: string): string[] {
  if (text.trimStart().startsWith('[')) return jsonWords(flag, text);
  const words: string[] = [];
  const pattern = /\s*((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)\s*/gsy;
  while (pattern.lastIndex < text.length) {
    const [, word] = pattern.exec(text) ?? [];
    if (word === undefined) break;
    words.push(unquoted(word));
    if (pattern.lastIndex === text.length) return words;
  }
  if (text.trim() === '') return [];
  throw new UsageError(`${flag} has a quotation that does not end: ${text}`);
}

function jsonWords(flag: string, text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  } catch {
    // Said below.
  }
  throw new UsageError(`${flag} begins as a list, but is no JSON list of texts: ${text}`);
}

const unquoted = (word: string): string =>
  word.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_all, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  );
