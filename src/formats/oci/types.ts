import type { Digest } from '../../kit/index.ts';

/** What names a blob (image-spec v1.1, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes of the blob. */
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  /** Where else the blob may be fetched. */
  readonly urls?: readonly string[];
  /** The blob itself, embedded; checked against `digest` when parsed. */
  readonly data?: Uint8Array;
}

/** image-spec v1.1, image-index.md, `platform`. Absent texts are ''. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
  readonly osFeatures?: readonly string[];
}

/** A parsed document with the bytes it came from: its digest is of `raw`, never of re-printed JSON. */
export interface Parsed<T> {
  readonly value: T;
  readonly raw: Uint8Array;
}

/** image-spec v1.1, manifest.md, and docker's schema 2. */
export interface Manifest {
  readonly mediaType: string;
  readonly config: Descriptor;
  /** Base first. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
}

/** image-spec v1.1, image-index.md, and docker's manifest list. */
export interface Index {
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
}

/** image-spec v1.1, config.md, with docker's additions (Healthcheck, Shell, OnBuild). */
export interface ImageConfig {
  readonly platform: Platform;
  /** RFC 3339, as it stands. */
  readonly created?: string;
  readonly author?: string;
  readonly process: ProcessConfig;
  /** Uncompressed digests, base first. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly History[];
}

/** The `config` object: how a container of this image is run. */
export interface ProcessConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** `NAME=value`, in order. */
  readonly env: readonly string[];
  readonly workingDir?: string;
  /** `user[:group]`, names or numbers. */
  readonly user?: string;
  /** `80/tcp`, sorted. */
  readonly exposedPorts: readonly string[];
  /** Paths, sorted. */
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly healthcheck?: Healthcheck;
  readonly shell?: readonly string[];
  readonly onBuild: readonly string[];
}

/** docker's image specification v1.2; durations in nanoseconds. */
export interface Healthcheck {
  readonly test: readonly string[];
  readonly intervalNanoseconds?: number;
  readonly timeoutNanoseconds?: number;
  readonly startPeriodNanoseconds?: number;
  readonly startIntervalNanoseconds?: number;
  readonly retries?: number;
}

export interface History {
  readonly created?: string;
  readonly createdBy?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly emptyLayer: boolean;
}
