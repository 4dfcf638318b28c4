import { isAbsolute, join } from 'node:path';
import { findPathKind, type LocalStore, type NamedStore } from '../content/index.ts';
import { type ProgramKind, recognisedBytes, recogniseProgram } from '../formats/program/index.ts';
import { type Place, parsePlace } from '../image/index.ts';
import { type ImagePath, imagePath, readAt } from '../kit/index.ts';
import { hostTree } from './host.ts';
import { resolve } from './resolve.ts';

export interface SubjectOptions {
  /** Its names go before files of this machine. */
  readonly store: NamedStore | LocalStore;
  /** Where relative paths of programs begin. Default: `/`. */
  readonly cwd?: string;
}

/** What a question is about, where a PLACE and a PROGRAM are both allowed. */
export type Subject =
  /** A file of this machine that is meant to be executed; `path` is absolute, links in it not followed. */
  | { readonly kind: 'program'; readonly path: ImagePath }
  /** A directory that is a root file system. */
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'image'; readonly place: Place };

/**
 * Tells places and programs apart: a file that exists, and is no image of the local store, is a program when its first
 * bytes are those of one, or when it may be executed; all else is a place, as for the other commands.
 * @throws {Fault} PLACE_INVALID, REFERENCE_INVALID, SYSTEM
 */
export async function subjectOf(text: string, options: SubjectOptions): Promise<Subject> {
  const place = parsePlace(text);
  if (place.kind === 'rootfs') return { kind: 'directory', path: place.path };
  const file = await findFile(place, options);
  if (file === undefined || findPathKind(file) !== 'file') return { kind: 'image', place };
  const path = imagePath(isAbsolute(file) ? file : join(options.cwd ?? '/', file));
  return (await isProgram(path)) ? { kind: 'program', path } : { kind: 'image', place };
}

/** The path that a place without a prefix can be; names of the local store come first. */
async function findFile(place: Place, { store }: SubjectOptions): Promise<string | undefined> {
  if (place.kind === 'path') return place.tag === undefined ? place.path : undefined;
  if (place.kind !== 'store' || findPathKind(place.text) === undefined) return undefined;
  const names = await store.names();
  return names.some(({ name }) => name === place.name) ? undefined : place.text;
}

/** What nobody takes for an archive of images. */
const programs: ReadonlySet<ProgramKind['kind']> = new Set<ProgramKind['kind']>([
  'elf',
  'script',
  'pe',
  'macho',
  'wasm',
  'jar',
  'java-class',
]);

async function isProgram(path: ImagePath): Promise<boolean> {
  const found = await resolve(hostTree('/'), path);
  if (!found.found || found.node.kind !== 'file') return false;
  const { kind } = recogniseProgram(await readAt(found.node.content, 0, recognisedBytes));
  return programs.has(kind) || (kind !== 'archive' && (found.node.mode & 0o111) !== 0);
}
