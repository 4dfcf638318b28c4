/**
 * formats/compress: gzip and zstd streams, both ways, told apart by their first bytes.
 * It bounds its own memory; how much may come out of a stream is for the caller to bound.
 */
export { type CompressOptions, compress } from './compress.ts';
export { decompress } from './decompress.ts';
export { type Compression, detectCompression } from './detect.ts';
