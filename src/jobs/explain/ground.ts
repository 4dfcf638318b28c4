import { emptyProcessConfig, type Platform, type ProcessConfig } from '../../formats/oci/index.ts';
import { type Image, manifestsOf, openImage, openPlace, parsePlace, storedImage } from '../../image/index.ts';
import { type Digest, Fault, type ImagePath, isFault } from '../../kit/index.ts';
import {
  type FileTree,
  hostTree,
  literalTree,
  resolve,
  type Subject,
  subjectOf,
  treeOf,
  withProgram,
} from '../../rootfs/index.ts';
import { withOverrides } from './overrides.ts';
import type { ExplainOptions } from './types.ts';

/** What is judged: files, and the command as the options change it. */
export interface Ground {
  readonly tree: FileTree;
  readonly config: ProcessConfig;
  readonly platform: Platform;
  /** OCI's name of the machine that is to run it. */
  readonly architecture: string;
  readonly digest: Digest | undefined;
  /** Whether there is a config that could name a command. */
  readonly isImage: boolean;
  /** Whether it is this whole machine, which nobody wants to wait for. */
  readonly isHost: boolean;
  /** Why its layers cannot be unpacked; the tree is empty then. */
  readonly broken: Fault | undefined;
  close(): void;
}

const notClosed = { close: () => {} };

/** Opens what `text` names, for one platform. Faults as openImage and treeOf, but for broken layers. */
export async function openGround(text: string, options: ExplainOptions): Promise<Ground> {
  const subject = await subjectOf(text, options);
  if (subject.kind === 'program') return programGround(subject.path, options);
  if (options.in === undefined) return placeGround(subject, options);
  throw new Fault('OPTION_INVALID', `${text} is a place, and --in is for a program that is not in one`, {
    hint: 'Leave --in out, or name a program of this machine.',
  });
}

/** The same for each platform that the place has an image for; places without platforms have just one. */
export async function* openGrounds(text: string, options: ExplainOptions): AsyncGenerator<Ground> {
  const subject = await subjectOf(text, options);
  if (subject.kind !== 'image') {
    yield await openGround(text, options);
    return;
  }
  const { store, roots } = await openPlace(subject.place, options);
  for (const { descriptor, platform } of await manifestsOf(store, roots)) {
    const image = await storedImage(store, descriptor);
    // Engines go by what the index says of a machine, and do not compare it with the config.
    yield await imageGround(image, { ...options, machine: platform });
  }
}

async function placeGround(subject: Exclude<Subject, { kind: 'program' }>, options: ExplainOptions): Promise<Ground> {
  if (subject.kind === 'directory') return directoryGround(subject.path, options);
  const { machine, platform = machine } = options;
  return imageGround(await openImage(subject.place, { ...options, platform }), options);
}

function directoryGround(path: string, { machine, platform = machine, overrides = {} }: ExplainOptions): Ground {
  return {
    ...notClosed,
    tree: hostTree(path),
    config: withOverrides(emptyProcessConfig, overrides),
    platform,
    architecture: platform.architecture,
    digest: undefined,
    isImage: false,
    isHost: false,
    broken: undefined,
  };
}

/** The words that may name what is started, those of a shell's command line among them. */
const wantedBy = ({ entrypoint = [], cmd = [], healthcheck }: ProcessConfig): string[] =>
  [...entrypoint, ...cmd, ...(healthcheck?.test ?? [])].flatMap((word) => [word, ...word.split(/[\s;&|()'"<>=]+/)]);

/** Of what unpacking a layer can fail in, what is the image's own fault. */
const brokenCodes = [
  'LAYER_MALFORMED',
  'TAR_MALFORMED',
  'COMPRESSION_MALFORMED',
  'DIGEST_MISMATCH',
  'BLOB_NOT_FOUND',
] as const;

async function imageGround(image: Image, options: ExplainOptions): Promise<Ground> {
  const { machine, platform: wanted = machine, signal } = options;
  const platform =
    image.platform.architecture === '' ? { ...wanted, os: image.platform.os || wanted.os } : image.platform;
  const known = {
    config: withOverrides(image.config.value.process, options.overrides ?? {}),
    platform,
    architecture: wanted.architecture,
    digest: image.digest,
    isImage: true,
    isHost: false,
  };
  options.onProgress?.(`reading ${image.layers.length === 1 ? 'the layer' : `${image.layers.length} layers`}`);
  try {
    const tree = await treeOf(image, { keep: 'facts', wanted: wantedBy(known.config), ...(signal && { signal }) });
    return { ...known, tree, broken: undefined, close: () => tree.close() };
  } catch (error) {
    if (!isFault(error) || !brokenCodes.some((code) => error.code === code)) throw error;
    return { ...known, ...notClosed, tree: literalTree({}), broken: error };
  }
}

/** A program of this machine where it lies, or put among the files of `--in` as `COPY` in a Dockerfile would. */
async function programGround(path: ImagePath, options: ExplainOptions): Promise<Ground> {
  const found = await resolve(hostTree('/'), path);
  if (!found.found) throw new Fault('FILE_NOT_FOUND', `${path} is not there`, { hint: 'Check the path.' });
  const overrides = { cmd: [], ...options.overrides, entrypoint: options.overrides?.entrypoint ?? [path] };
  const asked = { ...options, overrides };
  const base = options.in === undefined ? directoryGround('/', asked) : await openBase(options.in, asked);
  const tree = options.in === undefined ? base.tree : await withProgram(base.tree, path, found.node);
  return { ...base, tree, isImage: true, isHost: options.in === undefined, digest: undefined };
}

function openBase(text: string, options: ExplainOptions): Promise<Ground> {
  const place = parsePlace(text);
  if (place.kind === 'rootfs') return Promise.resolve(directoryGround(place.path, options));
  return placeGround({ kind: 'image', place }, options);
}
