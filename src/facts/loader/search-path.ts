/** What `$ORIGIN`, `$LIB` and `$PLATFORM` stand for; undefined where the loader knows none, which drops the path. */
export interface Tokens {
  readonly origin: string | undefined;
  readonly lib: string | undefined;
  readonly platform: string | undefined;
}

const token = /\$(?:(ORIGIN|LIB|PLATFORM)|\{(ORIGIN|LIB|PLATFORM)\})/g;

/** `text` with glibc's dynamic string tokens in place (ld.so(8)); undefined when one of them stands for nothing. */
export function expandTokens(text: string, tokens: Tokens): string | undefined {
  if (!text.includes('$')) return text;
  const values: Readonly<Record<string, string | undefined>> = {
    ORIGIN: tokens.origin,
    LIB: tokens.lib,
    PLATFORM: tokens.platform,
  };
  let isWhole = true;
  const expanded = text.replace(token, (_, plain: string | undefined, braced: string | undefined) => {
    const value = values[plain ?? braced ?? ''];
    isWhole &&= value !== undefined;
    return value ?? '';
  });
  return isWhole ? expanded : undefined;
}

/**
 * musl's reading of DT_RPATH and DT_RUNPATH: only `$ORIGIN` may stand in it.
 * undefined, which means no path at all, when another `$` does or the origin is not known.
 */
export function expandOrigin(text: string, origin: string | undefined): string | undefined {
  if (!text.includes('$')) return text;
  const rest = text.replace(/\$ORIGIN|\$\{ORIGIN\}/g, '');
  if (rest.includes('$') || origin === undefined) return undefined;
  return expandTokens(text, { origin, lib: undefined, platform: undefined });
}

/** The elements of DT_RPATH or DT_RUNPATH (`:`) and LD_LIBRARY_PATH (`;` too); an empty one is the working directory. */
export const splitSearchPath = (text: string, separators: ':' | ':;'): string[] =>
  text === '' ? [] : text.split(separators === ':' ? ':' : /[:;]/);

/** The elements of a musl path; empty ones are passed over. */
export const splitMuslPath = (text: string): string[] => text.split(/[:\n]/).filter((part) => part !== '');

/** The names in LD_PRELOAD or ld.so.preload; comments from `#` on are cut in the file only. */
export const splitPreload = (text: string): string[] => text.split(/[\s:]+/).filter((name) => name !== '');

export const withoutComments = (text: string): string => text.replace(/#[^\n]*/g, ' ');
