import type { LateCause } from '../../../../facts/start/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { seenLate } from '../late.ts';
import { type Work, workOf } from './work.ts';

type Judge = (scene: Scene, work: Work) => Promise<readonly Found[]>;

/** Judgements of a late code: of programs with a purpose of their own, and of what an interpreter gets to run. */
export interface Judges {
  readonly ofPrograms: readonly Judge[];
  /** Asked of every image that starts. */
  readonly ofImages?: readonly ((scene: Scene, work: Work | undefined) => Promise<readonly Found[]>)[];
}

/** What was seen at the start, then what the rule finds itself and is not the same. Nothing for an image that does not start. */
export async function withSeen(
  scene: Scene,
  code: LateCause,
  { ofPrograms, ofImages = [] }: Judges,
): Promise<readonly Found[]> {
  if (scene.verdict.starts === 'no') return [];
  const seen = seenLate(scene.verdict, code);
  const known = new Set(seen.flatMap(({ missing = [] }) => missing));
  const work = await workOf(scene);
  const own: Found[] = [];
  for (const judge of ofImages) own.push(...(await judge(scene, work)));
  if (work !== undefined) for (const judge of ofPrograms) own.push(...(await judge(scene, work)));
  return [...seen, ...own.filter(({ missing = [] }) => !missing.some((name) => known.has(name)))];
}
