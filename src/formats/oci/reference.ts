import { type Digest, Fault, isDigest } from '../../kit/index.ts';

/** The name of an image in a registry (distribution-spec v1.1 and docker's additions). */
export interface Reference {
  /** Host, with its port when it has one: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** `library/nginx`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const defaultRegistry = 'docker.io';
const officialPrefix = 'library/';
const maximumLength = 2048;
const maximumRepositoryLength = 255;
const host =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/;
const repositoryPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

export const isTag = (text: string): boolean => tagPattern.test(text);

/**
 * Reads a reference as docker does: `nginx` is `docker.io/library/nginx`. No tag is added; see {@link withDefaultTag}.
 * @throws {Fault} REFERENCE_INVALID
 */
export function parseReference(text: string): Reference {
  if (text.length > maximumLength) return invalid(text, 'is too long');
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) return invalid(text, 'has no sha256 or sha512 digest after its @');
  const { name, tag } = splitTag(at === -1 ? text : text.slice(0, at));
  if (tag !== undefined && !isTag(tag)) return invalid(text, 'has no tag after its colon');
  if (/^[0-9a-f]{64}$/.test(name)) return invalid(text, 'looks like an image id, and has no name');
  const { registry, repository } = splitRegistry(name);
  if (!host.test(registry)) return invalid(text, 'has no usable host');
  if (repository !== repository.toLowerCase()) return invalid(text, 'has capital letters in its name');
  if (!repository.split('/').every((part) => repositoryPart.test(part))) return invalid(text, 'is no image name');
  if (repository.length > maximumRepositoryLength) return invalid(text, 'has too long a name');
  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** The tag `latest` where there is neither tag nor digest. */
export const withDefaultTag = (reference: Reference): Reference =>
  reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;

/** In full: `docker.io/library/nginx:latest@sha256:…`. */
export const formatReference = ({ registry, repository, tag, digest }: Reference): string =>
  `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;

/** As docker shows it: `nginx:latest`, `me/app:1`, `registry.example/app:1`. */
export function familiarReference(reference: Reference): string {
  const full = formatReference(reference);
  if (reference.registry !== defaultRegistry) return full;
  const short = full.slice(defaultRegistry.length + 1);
  const official = short.slice(officialPrefix.length);
  return short.startsWith(officialPrefix) && !/^[^:@]*\//.test(official) ? official : short;
}

/** A tag begins at the last colon, unless a slash follows: then the colon was that of a port. */
function splitTag(text: string): { name: string; tag: string | undefined } {
  const colon = text.lastIndexOf(':');
  if (colon === -1 || text.includes('/', colon)) return { name: text, tag: undefined };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** What stands before the first slash is a host when it looks like one. */
function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = !isHost ? defaultRegistry : first === 'index.docker.io' ? defaultRegistry : first;
  const rest = isHost ? name.slice(slash + 1) : name;
  const official = registry === defaultRegistry && !rest.includes('/');
  return { registry, repository: official ? officialPrefix + rest : rest };
}

function invalid(text: string, problem: string): never {
  throw new Fault('REFERENCE_INVALID', `${JSON.stringify(text.slice(0, 150))} ${problem}`, {
    hint: 'A name is written [HOST[:PORT]/]NAME[:TAG][@DIGEST], NAME in lower case.',
  });
}
