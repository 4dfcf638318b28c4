import { compareNames, type FieldReader, type Fields } from '../../kit/index.ts';
import { boundedList, patchFields } from './document.ts';
import { findField, keyOf } from './loose-fields.ts';
import type { Healthcheck, ProcessConfig } from './types.ts';

const maximumItems = 10_000;

/** The `config` of an image without one: nothing set. */
export const emptyProcessConfig: ProcessConfig = { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };

/** Reads the `config` object of an image config; `null` and absent are an empty one, as docker takes them. */
export function parseProcessConfig(value: unknown, read: FieldReader): ProcessConfig {
  const fields = read.optional(value, read.object, 'config');
  if (fields === undefined) return emptyProcessConfig;
  const get = (name: string) => findField(fields, name);
  const text = (name: string) => read.optional(get(name), read.string, name);
  const words = (name: string) => read.optional(get(name), (it) => parseWords(it, name, read), name);
  const workingDir = text('WorkingDir');
  const user = text('User');
  const stopSignal = text('StopSignal');
  const entrypoint = words('Entrypoint');
  const cmd = words('Cmd');
  const shell = words('Shell');
  const healthcheck = read.optional(get('Healthcheck'), (it) => parseHealthcheck(it, read), 'Healthcheck');
  return {
    ...(entrypoint && { entrypoint }),
    ...(cmd && { cmd }),
    env: words('Env') ?? [],
    ...(workingDir && { workingDir }),
    ...(user && { user }),
    exposedPorts: parseSet(get('ExposedPorts'), 'ExposedPorts', read),
    volumes: parseSet(get('Volumes'), 'Volumes', read),
    labels: read.optional(get('Labels'), (it) => parseLabels(it, read), 'Labels') ?? {},
    ...(stopSignal && { stopSignal }),
    ...(healthcheck && { healthcheck }),
    ...(shell && { shell }),
    onBuild: words('OnBuild') ?? [],
  };
}

const setOf = (names: readonly string[]) =>
  names.length === 0 ? undefined : Object.fromEntries([...names].sort(compareNames).map((name) => [name, {}]));
const listOf = <T>(items: readonly T[]) => (items.length === 0 ? undefined : items);

/** How each field stands in the JSON document. */
const formats: { readonly [Name in keyof ProcessConfig]-?: readonly [string, (config: ProcessConfig) => unknown] } = {
  user: ['User', ({ user }) => user || undefined],
  exposedPorts: ['ExposedPorts', ({ exposedPorts }) => setOf(exposedPorts)],
  env: ['Env', ({ env }) => listOf(env)],
  entrypoint: ['Entrypoint', ({ entrypoint }) => entrypoint],
  cmd: ['Cmd', ({ cmd }) => cmd],
  healthcheck: ['Healthcheck', ({ healthcheck }) => healthcheck && formatHealthcheck(healthcheck)],
  volumes: ['Volumes', ({ volumes }) => setOf(volumes)],
  workingDir: ['WorkingDir', ({ workingDir }) => workingDir || undefined],
  labels: ['Labels', ({ labels }) => (Object.keys(labels).length === 0 ? undefined : sortedMap(labels))],
  stopSignal: ['StopSignal', ({ stopSignal }) => stopSignal || undefined],
  shell: ['Shell', ({ shell }) => shell],
  onBuild: ['OnBuild', ({ onBuild }) => listOf(onBuild)],
};

/** The JSON fields of `config`: those of `original` where nothing changed since `before` was read from it. */
export function formatProcessConfig(config: ProcessConfig, original: Fields = {}, before = emptyProcessConfig): Fields {
  const changes: Record<string, unknown> = {};
  for (const [name, format] of Object.values(formats)) {
    const value = format(config);
    if (JSON.stringify(value) !== JSON.stringify(format(before))) changes[keyOf(original, name)] = value;
  }
  return patchFields(original, changes);
}

/** A list of words; a lone text is a list of one, as docker takes it. */
function parseWords(value: unknown, name: string, read: FieldReader): readonly string[] {
  if (typeof value === 'string') return [value];
  return boundedList(value, name, { read, limit: maximumItems }).map((word) => read.string(word, name));
}

/** The keys of a JSON object that stands for a set. */
function parseSet(value: unknown, name: string, read: FieldReader): readonly string[] {
  const keys = Object.keys(read.optional(value, read.object, name) ?? {});
  if (keys.length > maximumItems) read.fail(`has ${keys.length} ${name}, and ${maximumItems} are allowed`);
  return keys.sort(compareNames);
}

const parseLabels = (value: unknown, read: FieldReader): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(read.object(value, 'Labels')).map(([key, label]) => [
      key,
      read.optional(label, read.string, 'Labels') ?? '',
    ]),
  );

function parseHealthcheck(value: unknown, read: FieldReader): Healthcheck {
  const fields = read.object(value, 'Healthcheck');
  const number = (name: string) => read.optional(findField(fields, name), read.size, `Healthcheck.${name}`);
  const intervalNanoseconds = number('Interval');
  const timeoutNanoseconds = number('Timeout');
  const startPeriodNanoseconds = number('StartPeriod');
  const startIntervalNanoseconds = number('StartInterval');
  const retries = number('Retries');
  return {
    test: read.optional(findField(fields, 'Test'), (it) => parseWords(it, 'Healthcheck.Test', read), 'Test') ?? [],
    ...(intervalNanoseconds && { intervalNanoseconds }),
    ...(timeoutNanoseconds && { timeoutNanoseconds }),
    ...(startPeriodNanoseconds && { startPeriodNanoseconds }),
    ...(startIntervalNanoseconds && { startIntervalNanoseconds }),
    ...(retries && { retries }),
  };
}

const formatHealthcheck = (check: Healthcheck): Fields => ({
  Test: check.test,
  Interval: check.intervalNanoseconds,
  Timeout: check.timeoutNanoseconds,
  StartPeriod: check.startPeriodNanoseconds,
  StartInterval: check.startIntervalNanoseconds,
  Retries: check.retries,
});

const sortedMap = (map: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => compareNames(a, b)));
