declare const OSLESS_VERSION: string;

/** From package.json, set when the program is built. */
export const version = OSLESS_VERSION;
