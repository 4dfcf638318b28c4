/** What the reader of a text can show. */
export interface Looks {
  /** Colours of terminals (ECMA-48, SGR). */
  readonly colour: boolean;
  /** Characters beyond ASCII. */
  readonly unicode: boolean;
}

const colours = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Paints where there are colours. */
export const painter =
  ({ colour }: Looks) =>
  (name: keyof typeof colours, text: string): string =>
    colour ? `\x1b[${colours[name]}m${text}\x1b[0m` : text;

export interface Marks {
  readonly yes: string;
  readonly no: string;
  readonly unknown: string;
  readonly warning: string;
  readonly note: string;
}

export const marksOf = ({ unicode }: Looks): Marks =>
  unicode
    ? { yes: '✓', no: '✗', unknown: '?', warning: '!', note: '·' }
    : { yes: '+', no: 'x', unknown: '?', warning: '!', note: '-' };
