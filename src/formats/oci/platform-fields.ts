import type { FieldReader, Fields } from '../../kit/index.ts';
import { boundedList } from './document.ts';
import type { Platform } from './types.ts';

const maximumOsFeatures = 100;

/** Reads the `platform` of a descriptor (image-spec v1.1, image-index.md), as it stands there. */
export function parsePlatformFields(value: unknown, read: FieldReader): Platform {
  const fields = read.object(value, 'platform');
  return platformOf(fields, read);
}

/** The platform fields among those of a descriptor's platform or of an image config; absent texts are ''. */
export function platformOf(fields: Fields, read: FieldReader): Platform {
  const text = (name: string) => read.optional(fields[name], read.string, name) ?? '';
  const variant = text('variant');
  const osVersion = text('os.version');
  const features = boundedList(fields['os.features'], 'os.features', { read, limit: maximumOsFeatures });
  return {
    os: text('os'),
    architecture: text('architecture'),
    ...(variant && { variant }),
    ...(osVersion && { osVersion }),
    ...(features.length > 0 && { osFeatures: features.map((feature) => read.string(feature, 'os.features')) }),
  };
}

/** A platform as JSON fields. */
export const formatPlatformFields = ({ os, architecture, variant, osVersion, osFeatures }: Platform): Fields => ({
  architecture,
  os,
  ...(osVersion && { 'os.version': osVersion }),
  ...(osFeatures && { 'os.features': osFeatures }),
  ...(variant && { variant }),
});
