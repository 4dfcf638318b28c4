/** Every code has a section with cause and remedy in docs/errors.md; a test compares the two. */
export type FaultCode =
  | 'ABORTED'
  | 'ARCHIVE_MALFORMED'
  | 'BLOB_NOT_FOUND'
  | 'COMPRESSION_MALFORMED'
  | 'CONFIG_MALFORMED'
  | 'DIGEST_MISMATCH'
  | 'ELF_MALFORMED'
  | 'FILE_NOT_FOUND'
  | 'IMAGE_NOT_FOUND'
  | 'INDEX_MALFORMED'
  | 'JSON_MALFORMED'
  | 'LAYER_MALFORMED'
  | 'LAYOUT_MALFORMED'
  | 'MANIFEST_MALFORMED'
  | 'NOT_AN_IMAGE'
  | 'OPTION_INVALID'
  | 'PLACE_INVALID'
  | 'PLACE_NOT_WRITABLE'
  | 'PLATFORM_NOT_FOUND'
  | 'PROGRAM_NOT_FOUND'
  | 'PROGRAM_WONT_START'
  | 'REFERENCE_INVALID'
  | 'RUNTIME_FAILED'
  | 'RUNTIME_MISSING'
  | 'STORE_BUSY'
  | 'SYSTEM'
  | 'TAR_MALFORMED'
  | 'TOO_LARGE'
  | 'UNSUPPORTED';

export interface FaultDetails {
  /** One sentence: what the user can do next. */
  readonly hint?: string;
  /** What was being handled (paths, digests, sizes); never a credential. */
  readonly about?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/** A failure that a user can act on. Anything else that is thrown is a bug of ours. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly hint: string | undefined;
  readonly about: Readonly<Record<string, string | number>>;

  constructor(code: FaultCode, message: string, { hint, about = {}, cause }: FaultDetails = {}) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
    this.about = about;
  }
}

/** Whether `error` is a Fault, of `code` when one is given. */
export const isFault = (error: unknown, code?: FaultCode): error is Fault =>
  error instanceof Fault && (code === undefined || error.code === code);

/** The errno name (`ENOENT`) of an error of Node's, if it has one. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
