import { join } from 'node:path';
import { type Case, isLate, token } from './case.ts';
import { prepare, Refusal } from './engine.ts';
import type { Answer } from './judge.ts';
import { looksLike } from './patterns.ts';
import { type Ran, runContainer } from './runc.ts';
import { type Stage, stage } from './stage.ts';
import { unpackRefusal } from './unpack.ts';

/** What the run of a case told. */
export interface Truth {
  readonly starts: boolean;
  /** `PHASE:TEXT` or `CODE:OUTPUT`. */
  readonly shown: string;
  readonly code: number;
}

export interface Trial {
  readonly made: Case;
  readonly truth: Truth;
  readonly answer: Answer;
  /** Why the case proves nothing: its run is not what it was made for. */
  readonly broken: string | undefined;
}

export type Ask = (layout: string, made: Case) => Promise<Answer>;

/** Makes the image, runs it, asks about it, and takes it away again. */
export async function tryCase(made: Case, id: string, ask: Ask): Promise<Trial> {
  const staged = await stage(made, id);
  try {
    const answer = await ask(staged.layout, made);
    const truth = await runCase(made, staged);
    return { made, truth, answer, broken: reasonAgainst(made, truth) };
  } finally {
    await staged.close();
  }
}

/** Runs the image of a case through docker's rules and runc. */
export async function runCase(made: Case, staged: Stage): Promise<Truth> {
  const refusal = made.spoil === undefined ? undefined : await unpackRefusal(staged.layout);
  if (refusal !== undefined) return { starts: false, shown: `engine:unpack: ${refusal}`, code: 125 };
  const root = await staged.mount();
  const ran = await startCase(made, join(staged.folder, 'bundle'), root);
  const starts =
    ran.stdout.includes(made.token ?? token) || (ran.phase === 'code' && ran.text.includes(made.token ?? token));
  return { starts, shown: shownBy(ran), code: ran.code };
}

async function startCase(made: Case, folder: string, root: string): Promise<Ran> {
  try {
    return await runContainer(folder, root, prepare(root, made), made.service ? 3 : 20);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { phase: 'engine', code: 125, text: error.message, stdout: '', timedOut: false };
  }
}

const shownBy = ({ phase, code, text, timedOut }: Ran): string =>
  `${phase === 'code' ? (timedOut ? 'time' : code) : phase}:${text}`;

function reasonAgainst(made: Case, truth: Truth): string | undefined {
  const shouldStart = made.expect === null || isLate(made.expect);
  if (truth.starts !== shouldStart) return truth.starts ? 'it starts' : 'it does not start';
  if (made.expect !== null && !looksLike(made.expect, truth.shown)) return `it does not look like ${made.expect}`;
  if (made.shows !== undefined && !made.shows.test(truth.shown)) return `it does not show ${made.shows}`;
  const ends = made.service ? truth.shown.startsWith('time:') : truth.code === 0;
  return made.expect === null && !ends ? `it starts, but ends with ${truth.code}` : undefined;
}
