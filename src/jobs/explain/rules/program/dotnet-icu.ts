import type { Found, Rule, Scene } from '../../rule.ts';
import { hasRelease, isDotnet, isOn, runtimeProperties } from './dotnet.ts';

/** .NET tries all of them, the newest first. */
const releases = Array.from({ length: 60 }, (_, at) => 100 - at);

export const dotnetIcu: Rule = {
  code: 'dotnet-icu',
  severity: 'degrades',
  title: '.NET ends at its start, since it finds no ICU and was not told to do without.',
  sees: [
    "dotnet: Process terminated. Couldn't find a valid ICU package installed on the system. Please install libicu (or icu-libs) using your package manager and try again. Alternatively you can set the configuration flag System.Globalization.Invariant to true if you want to run with no globalization support.",
  ],
  why: '.NET takes cultures, calendars and the order of texts from libicu, which it opens when it starts. Images without it must switch on the invariant mode, in which only the invariant culture exists.',
  fix: 'Install libicu (Debian: libicu72, Alpine: icu-libs and icu-data-full), or set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 if one culture is enough.',
  dockerfile: 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1',
  judge: judgeGlobalization,
};

async function judgeGlobalization(scene: Scene): Promise<readonly Found[]> {
  const { program, env } = scene;
  if (program === undefined || scene.verdict.starts === 'no' || !(await isDotnet(scene, program))) return [];
  if (isOn(env.get('DOTNET_SYSTEM_GLOBALIZATION_INVARIANT'))) return [];
  const properties = await runtimeProperties(scene, program);
  if (isOn(properties['System.Globalization.Invariant'])) return [];
  if (properties['System.Globalization.AppLocalIcu'] !== undefined) return [];
  if (await hasRelease(program, 'libicuuc', releases)) return [];
  return [
    {
      says: `${program.path} runs .NET, which finds no libicuuc and is not told to do without`,
      missing: ['libicuuc.so'],
    },
  ];
}
