import { cpuLevelOf } from '../../facts/loader/index.ts';
import { needsOsOf } from '../../facts/os/index.ts';
import { commandOf, type StartVerdict, startOf } from '../../facts/start/index.ts';
import { findingsOf } from './findings.ts';
import type { Ground } from './ground.ts';
import { rulesOfRunning, rulesOfStart } from './rules.ts';
import { sceneOf } from './scene.ts';
import { summaryOf } from './summary.ts';
import type { ExplainOptions, ExplainSummary } from './types.ts';

/** Asks the facts, then the rules, about an opened place, and closes it. */
export async function judge(ground: Ground, place: string, options: ExplainOptions): Promise<ExplainSummary> {
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

async function verdictOf(ground: Ground, { machine, cpuFlags }: ExplainOptions): Promise<StartVerdict> {
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
  const isKnown = cpuFlags !== undefined && machine.architecture === architecture && architecture === 'amd64';
  return startOf(tree, config, { platform, architecture, ...(isKnown && { cpuLevel: cpuLevelOf(cpuFlags) }) });
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
