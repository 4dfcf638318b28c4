import { type Ground, openGround, openGrounds } from './ground.ts';
import type { ExplainAllSummary, ExplainOptions, ExplainSummary } from './types.ts';

/**
 * Tells of the image or root file system at a place, or of a program of this machine, whether it holds an operating
 * system, whether its command starts and if not why, and what works less well than one may think.
 * Nothing is executed, and each layer is read once. Layers that cannot be unpacked are a verdict, `image-broken`.
 * @throws {Fault} OPTION_INVALID for `in` beside a place; TOO_LARGE, ABORTED; those of opening places
 */
export async function explain(subject: string, options: ExplainOptions): Promise<ExplainSummary> {
  const loading = loadJudge();
  return judge(await openGround(subject, options), subject, { options, loading });
}

/** The same for each image of an index, every one judged for the machine that it is made for. */
export async function explainAll(subject: string, options: ExplainOptions): Promise<ExplainAllSummary> {
  const loading = loadJudge();
  const images: ExplainSummary[] = [];
  for await (const ground of openGrounds(subject, options)) {
    images.push(await judge(ground, subject, { options, loading }));
  }
  return { schema: 'osless.explain/1', place: subject, images };
}

/** What judges is loaded while layers are read, which leaves this processor idle now and then. */
const loadJudge = () => import('./judge.ts');

interface Judging {
  readonly options: ExplainOptions;
  readonly loading: ReturnType<typeof loadJudge>;
}

const judge = async (ground: Ground, subject: string, { options, loading }: Judging): Promise<ExplainSummary> =>
  (await loading).judge(ground, subject, options);
