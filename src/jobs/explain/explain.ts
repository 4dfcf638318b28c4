import { needsOsOf } from '../../facts/os/index.ts';
import { commandOf, type StartVerdict, startOf } from '../../facts/start/index.ts';
import { findingsOf } from './findings.ts';
import { type Ground, openGround, openGrounds } from './ground.ts';
import { rulesOfRunning, rulesOfStart } from './rules.ts';
import { sceneOf } from './scene.ts';
import { summaryOf } from './summary.ts';
import type { ExplainAllSummary, ExplainOptions, ExplainSummary } from './types.ts';

/**
 * Tells of the image or root file system at a place, or of a program of this machine, whether it holds an operating
 * system, whether its command starts and if not why, and what works less well than one may think.
 * Nothing is executed, and each layer is read once. Layers that cannot be unpacked are a verdict, `image-broken`.
 * @throws {Fault} OPTION_INVALID for `in` beside a place; TOO_LARGE, ABORTED; those of opening places
 */
export async function explain(subject: string, options: ExplainOptions): Promise<ExplainSummary> {
  return explainGround(await openGround(subject, options), subject, options);
}

/** The same for each image of an index, every one judged for the machine that it is made for. */
export async function explainAll(subject: string, options: ExplainOptions): Promise<ExplainAllSummary> {
  const images: ExplainSummary[] = [];
  for await (const ground of openGrounds(subject, options)) images.push(await explainGround(ground, subject, options));
  return { schema: 'osless.explain/1', place: subject, images };
}

async function explainGround(ground: Ground, place: string, options: ExplainOptions): Promise<ExplainSummary> {
  try {
    options.onProgress?.('judging the start');
    const verdict = await verdictOf(ground, options);
    options.signal?.throwIfAborted();
    const scene = await sceneOf(ground, verdict, options.signal);
    const ofStart = verdict.starts === 'no' ? await rulesOfStart() : [];
    const ofRunning = ground.broken === undefined ? await rulesOfRunning() : [];
    const findings = await findingsOf(scene, [...ofStart, ...ofRunning]);
    options.signal?.throwIfAborted();
    const why = ofStart.find(({ code }) => code === verdict.cause)?.why;
    return summaryOf(ground, { place, within: options.in, scene, findings, needsOs: await needsOsOf(scene), why });
  } finally {
    ground.close();
  }
}

async function verdictOf(ground: Ground, { machine, cpuLevel }: ExplainOptions): Promise<StartVerdict> {
  const { tree, config, platform, architecture, broken } = ground;
  const argv = commandOf(config);
  if (broken !== undefined) {
    const missing = [broken.about['digest'] ?? broken.about['path'] ?? []].flat().map(String);
    const says = `the layers cannot be unpacked: ${broken.message}`;
    return { ...nothingSeen, starts: 'no', cause: 'image-broken', missing, says, argv };
  }
  if (argv.length === 0 && !ground.isImage) {
    return { ...nothingSeen, starts: 'unknown', says: noCommand, undecided: [noCommand], argv };
  }
  const isKnown = cpuLevel !== undefined && machine.architecture === architecture;
  return startOf(tree, config, { platform, architecture, ...(isKnown && { cpuLevel }) });
}

const noCommand = 'a directory names no command, and none was given';

const nothingSeen = {
  cause: null,
  missing: [],
  subject: undefined,
  path: undefined,
  chain: [],
  closures: [],
  late: [],
  as: undefined,
  undecided: [],
} as const;
