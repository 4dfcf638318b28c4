import { osOf } from '../../facts/os/index.ts';
import { programsOf, type Survey, surveyOf } from '../../facts/programs/index.ts';
import type { StartVerdict } from '../../facts/start/index.ts';
import type { ProcessConfig } from '../../formats/oci/index.ts';
import type { Ground } from './ground.ts';
import type { Scene } from './rule.ts';

/** What docker gives a container whose image sets no PATH. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Everything that rules ask, from the facts about a tree whose start has been judged. */
export async function sceneOf(ground: Ground, verdict: StartVerdict, signal: AbortSignal | undefined): Promise<Scene> {
  const { tree, config, platform } = ground;
  const programs = await programsOf(tree, verdict);
  const asked = { platform, env: config.env, verdict };
  let survey: Promise<Survey> | undefined;
  return {
    ...{ tree, config, platform, verdict, programs },
    env: environmentOf(config),
    os: await osOf(tree, asked),
    program: programs.at(-1),
    survey: () => {
      survey ??= ground.isHost ? Promise.resolve(nothingFound) : surveyOf(tree, signal === undefined ? {} : { signal });
      return survey;
    },
  };
}

/** Of a program where it lies, nobody asks what else is on the machine. */
const nothingFound: Survey = { elves: [], damaged: [], privileged: [] };

const environmentOf = ({ env }: ProcessConfig): ReadonlyMap<string, string> =>
  new Map([['PATH', defaultPath], ...env.map(pairOf)]);

function pairOf(entry: string): [string, string] {
  const equals = entry.indexOf('=');
  return equals === -1 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
