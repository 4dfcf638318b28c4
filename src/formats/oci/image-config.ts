import { type FieldReader, type Fields, fieldReader, isDigest } from '../../kit/index.ts';
import { boundedList, documentBytes, parseDocument, patchFields } from './document.ts';
import { findField, keyOf } from './loose-fields.ts';
import { formatPlatformFields, platformOf } from './platform-fields.ts';
import { formatProcessConfig, parseProcessConfig } from './process-config.ts';
import type { History, ImageConfig, Parsed } from './types.ts';

const maximumLayers = 1000;
const maximumHistory = 10_000;
const read = fieldReader('CONFIG_MALFORMED', 'an image config');

/**
 * Reads an image config as docker does: keys in any case, `null` for nothing, a missing os is linux.
 * @throws {Fault} CONFIG_MALFORMED, TOO_LARGE.
 */
export function parseImageConfig(raw: Uint8Array): Parsed<ImageConfig> {
  const fields = parseDocument(raw, read);
  const text = (name: string) => read.optional(findField(fields, name), read.string, name);
  const created = text('created');
  const author = text('author');
  const platform = platformOf(
    { ...fields, os: text('os') || 'linux', architecture: text('architecture'), variant: text('variant') },
    read,
  );
  const history = boundedList(findField(fields, 'history'), 'history', { read, limit: maximumHistory });
  return {
    raw,
    value: {
      platform,
      ...(created && { created }),
      ...(author && { author }),
      process: parseProcessConfig(findField(fields, 'config'), read),
      diffIds: parseDiffIds(findField(fields, 'rootfs')),
      history: history.map((entry) => parseHistory(entry, read)),
    },
  };
}

/**
 * The bytes of an image config: the same value gives the same bytes. With an `original`, its document
 * is kept, unknown fields and spelling included, and only fields whose value differs are replaced.
 */
export function formatImageConfig(value: ImageConfig, original?: Parsed<ImageConfig>): Uint8Array {
  if (original === undefined) return documentBytes(freshFields(value));
  const fields = parseDocument(original.raw, read);
  const before = original.value;
  const changes: Record<string, unknown> = {};
  const change = (name: string, of: (config: ImageConfig) => unknown) => {
    if (JSON.stringify(of(value)) !== JSON.stringify(of(before))) changes[keyOf(fields, name)] = of(value);
  };
  change('created', (config) => config.created);
  change('author', (config) => config.author);
  for (const name of ['architecture', 'os', 'os.version', 'os.features', 'variant']) {
    change(name, (config) => formatPlatformFields(config.platform)[name]);
  }
  if (JSON.stringify(value.process) !== JSON.stringify(before.process)) {
    const process = read.optional(findField(fields, 'config'), read.object, 'config') ?? {};
    changes[keyOf(fields, 'config')] = formatProcessConfig(value.process, process, before.process);
  }
  change('rootfs', (config) => formatRootfs(config));
  if (JSON.stringify(value.history) !== JSON.stringify(before.history)) {
    changes[keyOf(fields, 'history')] = patchHistory(value, { fields, before });
  }
  return documentBytes(patchFields(fields, changes));
}

const freshFields = (value: ImageConfig): Fields => ({
  created: value.created,
  author: value.author,
  ...formatPlatformFields(value.platform),
  config: formatProcessConfig(value.process),
  rootfs: formatRootfs(value),
  history: value.history.length === 0 ? undefined : value.history.map(formatHistory),
});

const formatRootfs = ({ diffIds }: ImageConfig): Fields => ({ type: 'layers', diff_ids: diffIds });

/** Entries that stand where they stood keep their JSON. */
function patchHistory(value: ImageConfig, { fields, before }: { fields: Fields; before: ImageConfig }): unknown[] {
  const original = read.optional(findField(fields, 'history'), read.array, 'history') ?? [];
  return value.history.map((entry, at) =>
    JSON.stringify(entry) === JSON.stringify(before.history[at]) ? original[at] : formatHistory(entry),
  );
}

function parseDiffIds(rootfs: unknown): ImageConfig['diffIds'] {
  const fields = read.optional(rootfs, read.object, 'rootfs') ?? {};
  const list = boundedList(findField(fields, 'diff_ids'), 'rootfs.diff_ids', { read, limit: maximumLayers });
  return list.map((item) => {
    const text = read.string(item, 'rootfs.diff_ids');
    return isDigest(text) ? text : read.fail(`has ${JSON.stringify(text.slice(0, 80))} among rootfs.diff_ids`);
  });
}

function parseHistory(value: unknown, reader: FieldReader): History {
  const fields = reader.object(value, 'history');
  const text = (name: string) => reader.optional(findField(fields, name), reader.string, `history.${name}`);
  const created = text('created');
  const createdBy = text('created_by');
  const author = text('author');
  const comment = text('comment');
  return {
    ...(created && { created }),
    ...(createdBy && { createdBy }),
    ...(author && { author }),
    ...(comment && { comment }),
    emptyLayer: findField(fields, 'empty_layer') === true,
  };
}

const formatHistory = ({ created, createdBy, author, comment, emptyLayer }: History): Fields => ({
  created,
  created_by: createdBy,
  author,
  comment,
  empty_layer: emptyLayer || undefined,
});
