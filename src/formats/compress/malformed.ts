import { Fault } from '../../kit/index.ts';

/** COMPRESSION_MALFORMED; `says` goes on after "the gzip stream" or "the zstd stream". */
export const malformed = (codec: 'gzip' | 'zstd', says: string, cause?: unknown): Fault =>
  new Fault('COMPRESSION_MALFORMED', `the ${codec} stream ${says}`, {
    hint: 'It is damaged or was cut short; fetch or make it again.',
    ...(cause === undefined ? {} : { cause }),
  });
