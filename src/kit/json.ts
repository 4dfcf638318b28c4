import { Fault, type FaultCode } from './fault.ts';

/** A JSON object of unknown fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads fields of one kind of document, and names that kind when one is wrong. */
export interface FieldReader {
  /** Parses bytes as one JSON document, which is nested no deeper than any that is in use. */
  parse(bytes: Uint8Array): unknown;
  object(value: unknown, name: string): Fields;
  array(value: unknown, name: string): readonly unknown[];
  string(value: unknown, name: string): string;
  /** A whole number from 0 to 2^53-1. */
  size(value: unknown, name: string): number;
  stringMap(value: unknown, name: string): Readonly<Record<string, string>>;
  strings(value: unknown, name: string): readonly string[];
  /** undefined for a field that is absent or null, else what `read` makes of it. */
  optional<T>(value: unknown, read: (value: unknown, name: string) => T, name: string): T | undefined;
  fail(message: string): never;
}

/** Readers that throw `code`, with messages that begin with `what` ("an image manifest"). */
export function fieldReader(code: FaultCode, what: string): FieldReader {
  const fail = (message: string): never => {
    throw new Fault(code, `${what} ${message}`, {
      hint: 'Make or fetch it again; a tool wrote something else than the specification says.',
    });
  };
  const expect = <T>(good: boolean, value: unknown, name: string, kind: string): T =>
    good ? (value as T) : fail(`has ${describe(value)} as ${name}, where ${kind} belongs`);
  const reader: FieldReader = {
    parse: (bytes) => {
      if (depthOf(bytes) > deepest) fail(`is nested more than ${deepest} levels deep`);
      try {
        return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
      } catch {
        return fail('is not JSON');
      }
    },
    object: (value, name) =>
      expect(typeof value === 'object' && value !== null && !Array.isArray(value), value, name, 'an object'),
    array: (value, name) => expect(Array.isArray(value), value, name, 'a list'),
    string: (value, name) => expect(typeof value === 'string', value, name, 'a text'),
    size: (value, name) => expect(Number.isSafeInteger(value) && (value as number) >= 0, value, name, 'a whole number'),
    strings: (value, name) => reader.array(value, name).map((item) => reader.string(item, name)),
    stringMap: (value, name) =>
      Object.fromEntries(
        Object.entries(reader.object(value, name)).map(([key, text]) => [key, reader.string(text, `${name}.${key}`)]),
      ),
    optional: (value, read, name) => (value === undefined || value === null ? undefined : read(value, name)),
    fail,
  };
  return reader;
}

/** JSON.parse takes any depth, but JSON.stringify and what else goes down into a value runs out of stack. */
const deepest = 200;

function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let most = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === characters.backslash) at++;
      else if (byte === characters.quote) inText = false;
    } else if (byte === characters.quote) inText = true;
    else if (byte === characters.bracket || byte === characters.brace) most = Math.max(most, ++depth);
    else if (byte === characters.bracketEnd || byte === characters.braceEnd) depth--;
  }
  return most;
}

const characters = {
  quote: 0x22,
  backslash: 0x5c,
  bracket: 0x5b,
  bracketEnd: 0x5d,
  brace: 0x7b,
  braceEnd: 0x7d,
} as const;

/** Never more than a glance at the value: a list nested some thousand times takes minutes to be written out. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
