/**
 * formats/oci: the documents of image-spec v1.1 and docker's schema 2 as values, both ways.
 * It opens no file and fetches nothing.
 */
export type {
  Descriptor,
  Healthcheck,
  History,
  ImageConfig,
  Index,
  Manifest,
  Parsed,
  Platform,
  ProcessConfig,
} from './types.ts';
