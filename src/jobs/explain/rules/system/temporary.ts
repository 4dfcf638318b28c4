import type { Found, Scene } from '../../rule.ts';
import { exists, isUnprivileged, mayWriteIn } from './ask.ts';
import { goFunctionOf } from './code.ts';
import { isStaticC, type Work } from './work.ts';

const makers = ['mkstemp', 'mkstemp64', 'mkostemp', 'mkostemp64', 'mkstemps', 'mkstemps64', 'mkdtemp'];
const plainMakers = ['tmpfile', 'tmpfile64', 'tmpnam', 'tempnam'];

const forms = ['mime/multipart.(*Reader).readForm', 'mime/multipart.(*Reader).ReadForm'];

/** Temporary files of a program whose purpose they are; others are told of in a note (tmp-missing). */
export async function temporaryProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  if (!work.isSmall) return [];
  const wish = await wishOf(scene, work);
  if (wish === undefined || (await mayWriteIn(scene, wish.folder))) return [];
  const isThere = await exists(scene, wish.folder);
  return [
    {
      says: isThere
        ? `${work.program.path} makes temporary files (${wish.caller}), and its user may not write in ${wish.folder}`
        : `${work.program.path} makes temporary files (${wish.caller}), and the image has no ${wish.folder}`,
      advice: isThere ? `RUN chmod 1777 ${wish.folder}` : `RUN mkdir -p -m 1777 ${wish.folder}`,
      missing: [wish.folder],
      about: { caller: wish.caller, folder: wish.folder },
    },
  ];
}

/** Who makes temporary files, whatever the size of the program. */
export async function temporaryCaller(scene: Scene, work: Work): Promise<string | undefined> {
  if (work.language === 'go') return goFunctionOf(scene, work.program, ['os.CreateTemp', 'os.MkdirTemp']);
  return work.importsAny([...makers, ...plainMakers]) ?? (await closedCaller(work));
}

/** What tempname.c of glibc, and mkostemps of musl, leave in a static program. */
async function closedCaller(work: Work): Promise<string | undefined> {
  if (!isStaticC(work) || !work.isSmall) return undefined;
  const strings = await work.program.strings();
  return strings.has('%.*s/%.*sXXXXXX') || strings.has('XXXXXX') ? 'mkstemp' : undefined;
}

async function wishOf(scene: Scene, work: Work): Promise<{ caller: string; folder: string } | undefined> {
  // A server of forms has the function too, for large uploads.
  if (work.language === 'go' && (await goFunctionOf(scene, work.program, forms)) !== undefined) return undefined;
  const caller = await temporaryCaller(scene, work);
  if (caller === undefined) return undefined;
  if (plainMakers.includes(caller)) return { caller, folder: '/tmp' };
  const templates = [...(await work.program.strings())].filter((text) => /^\/[\w./-]+X{6}/.test(text));
  const folder = templates[0]?.replace(/\/[^/]*$/, '') || folderFor(scene);
  return { caller, folder };
}

export const folderFor = ({ env }: Scene): string => env.get('TMPDIR') || '/tmp';

export const isTemporaryFolderBad = async (scene: Scene): Promise<'absent' | 'denied' | undefined> => {
  const folder = folderFor(scene);
  if (!(await exists(scene, folder))) return 'absent';
  return isUnprivileged(scene) && !(await mayWriteIn(scene, folder)) ? 'denied' : undefined;
};
