import type { Descriptor, History, ImageConfig, Manifest, Parsed, Platform } from '../formats/oci/index.ts';
import type { Digest, Source } from '../kit/index.ts';

/** The change from one file tree to the next, as a tar. */
export interface Layer {
  /** Digest of the uncompressed tar (image-spec v1.1, config.md, `rootfs.diff_ids`). */
  readonly diffId: Digest;
  /** How the manifest names the blob. */
  readonly descriptor: Descriptor;
  /** The blob as it is stored, checked against the descriptor while it is read. */
  readonly blob: Source;
  /** The uncompressed tar, checked against `diffId` while it is read. */
  readonly tar: Source;
  /** The history entry of this layer, where the config has one. */
  readonly history: History | undefined;
}

/** An image wherever it lives: a value; editing it gives another one. */
export interface Image {
  readonly manifest: Parsed<Manifest>;
  readonly config: Parsed<ImageConfig>;
  /** Base first. */
  readonly layers: readonly Layer[];
  /** Digest of the manifest's bytes. */
  readonly digest: Digest;
  readonly platform: Platform;
}
