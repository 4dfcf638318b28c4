import { formatPlatform } from '../../formats/oci/index.ts';
import type { Image } from '../../image/index.ts';
import { type Chosen, choose } from './choose.ts';
import { describeFiles } from './files.ts';
import { judge } from './judge.ts';
import { makeImage } from './make.ts';
import type { PackOptions, PackResult, PackSummary } from './types.ts';
import { tryOut } from './verify.ts';

/**
 * Puts `program` of a place, and the files that it needs, into an image. The layer is written to `options.store`,
 * the image is not saved. Equal files and options give an equal image, whenever and by whomever it is made.
 * An image whose program cannot start, or behaves otherwise when it is tried out, is not made unless `force` is given.
 * @throws {Fault} PROGRAM_NOT_FOUND; those of opening places
 */
export async function pack(program: string, options: PackOptions): Promise<PackResult> {
  options.onProgress?.(`looking for what ${program} needs`);
  const chosen = await choose(program, options);
  const verdict = await judge(chosen);
  const starts = verdict.starts !== 'no';
  const ran = starts && options.verify !== undefined ? await tryOut(chosen, options.verify, options) : null;
  const isKept = options.force === true || (starts && ran?.same !== false);
  options.onProgress?.('writing the layer');
  const image = isKept ? await makeImage(chosen, options) : undefined;
  return { image, summary: { ...(await describe(chosen, image)), verified: { static: verdict, ran } } };
}

async function describe(chosen: Chosen, image: Image | undefined): Promise<Omit<PackSummary, 'verified'>> {
  const { needs, packed, source, base } = chosen;
  const files = await describeFiles(packed, [...needs.needs, ...needs.addedFiles]);
  const counted = files.filter(({ kind }) => kind !== 'directory');
  return {
    schema: 'osless.pack/1',
    program: chosen.path,
    image: {
      digest: image?.digest ?? null,
      sizeBytes: counted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      compressedBytes: (image ?? base.image).layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
      fileCount: counted.length,
      platform: formatPlatform(chosen.platform),
    },
    files,
    leftOut: await describeFiles(source.tree, needs.leftOut),
    missing: needs.missing,
    notes: needs.notes,
  };
}
