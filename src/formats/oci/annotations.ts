import type { Descriptor } from './types.ts';

/** Annotation keys that tools agree on. */
export const annotationKeys = {
  /** The name of a manifest in a layout (image-spec v1.1, annotations.md). */
  refName: 'org.opencontainers.image.ref.name',
  /** The whole reference, as containerd and docker 25 and later write it. */
  containerdName: 'io.containerd.image.name',
  /** `attestation-manifest` on what BuildKit adds to an index beside the images. */
  referenceType: 'vnd.docker.reference.type',
} as const;

/**
 * Whether an entry of an index is provenance or an SBOM about another entry, and no image:
 * BuildKit marks it, and gives it the platform unknown/unknown.
 */
export const isAttestation = ({ annotations = {}, platform }: Descriptor): boolean =>
  annotations[annotationKeys.referenceType] !== undefined ||
  (platform?.os === 'unknown' && platform.architecture === 'unknown');

/** The name that a layout's index.json gives to an entry: the whole reference where it has one; '' for none. */
export const nameOf = ({ annotations = {} }: Descriptor): string =>
  annotations[annotationKeys.containerdName] ?? annotations[annotationKeys.refName] ?? '';
