import { baseName, rootPath } from '../../../../kit/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { exists, namesIn } from './ask.ts';
import { plainScriptOf } from './script.ts';
import { withSeen } from './with-seen.ts';
import { mentions, type Work } from './work.ts';
import { zonesNamedIn } from './zones.ts';

const folders = [
  '/usr/share/zoneinfo',
  '/usr/share/lib/zoneinfo',
  '/usr/lib/locale/TZ',
  '/etc/zoneinfo',
  '/share/zoneinfo',
];
const callers = ['localtime', 'localtime_r', 'localtime64_r', 'tzset', 'mktime', 'ctime', 'ctime_r', 'strftime'];
/** Zones whose name every libc takes for what they are without a file. */
const plain = /^(UTC|GMT|UCT|Z|Zulu|Universal|Etc\/(UTC|GMT|UCT|Zulu|Universal))(0|[+-]0)?$/i;
/** A rule as POSIX writes it: `EST5EDT`, `<+03>-3`, `CET-1CEST,M3.5.0,M10.5.0/3`. */
const posixRule = /^([A-Za-z]{3,}|<[\w+-]+>)[+-]?\d/;
/** These bring their own tables of time zones. */
const ownTables = /^(node|java|php)$/;

export const lateTzdataMissing: Rule = {
  code: 'late-tzdata-missing',
  severity: 'degrades',
  title: 'A time zone is asked for, and its file is not in the image.',
  sees: [
    'Go: unknown time zone Europe/Moscow',
    "Python: zoneinfo._common.ZoneInfoNotFoundError: 'No time zone found with key Europe/Moscow'",
    'glibc: no message; times are UTC, and the zone is printed as its first word: Europe',
    'musl: no message; times are UTC, printed as UTC',
  ],
  why: 'Time zones are files of tzdata below /usr/share/zoneinfo. Where the one that TZ names is missing, C libraries and Go use UTC and say nothing; time.LoadLocation and ZoneInfo fail. Node, Java and PHP have tables of their own, and Go programs that import time/tzdata have them inside.',
  fix: 'Bring /usr/share/zoneinfo (the package tzdata), or the one file that TZ names.',
  dockerfile: 'COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo',
  judge: (scene) =>
    withSeen(scene, 'late-tzdata-missing', { ofImages: [zoneOfEnvironment, zoneOfPython], ofPrograms: [zoneOfGo] }),
};

async function zoneOfEnvironment(scene: Scene, work: Work | undefined): Promise<readonly Found[]> {
  const zone = (scene.env.get('TZ') ?? '').replace(/^:/, '');
  if (zone === '' || plain.test(zone) || posixRule.test(zone)) return [];
  if (await hasZone(scene, zone)) return [];
  if (ownTables.test(baseName(scene.program?.path ?? rootPath))) return [];
  if (work?.language === 'go' && (await embedsZones(work))) return [];
  const path = zone.startsWith('/') ? zone : `${scene.env.get('TZDIR') ?? folders[0]}/${zone}`;
  return [
    {
      severity: (await readsLocalTime(scene, work)) ? 'degrades' : 'notes',
      says: `TZ is ${zone}, and the image has no ${path}, so that local time is UTC`,
      missing: [path],
      about: { zone },
    },
  ];
}

/** Whether the program asks for local time; of an interpreter it is taken for granted, as its author has set TZ. */
async function readsLocalTime({ program }: Scene, work: Work | undefined): Promise<boolean> {
  if (program === undefined) return false;
  if (work === undefined) return true;
  if (work.importsAny(callers) !== undefined) return true;
  return program.closure.flavour === 'static' && (await mentions(work, 'zoneinfo'));
}

async function hasZone(scene: Scene, zone: string): Promise<boolean> {
  if (zone.startsWith('/')) return exists(scene, zone);
  const set = scene.env.get('TZDIR') ?? scene.env.get('ZONEINFO');
  const places = [...(set ? [set] : []), ...folders].map((folder) => `${folder}/${zone}`);
  for (const path of places) if (await exists(scene, path)) return true;
  return false;
}

/** Names of zones in the program itself, when it loads zones by name and the image has none. */
async function zoneOfGo(scene: Scene, work: Work): Promise<readonly Found[]> {
  if (work.language !== 'go' || !(await mentions(work, 'time: invalid location name'))) return [];
  const zones = await zonesNamedIn(work);
  if (zones.isTable) return [];
  for (const zone of zones.names) {
    if (plain.test(zone) || (await hasZone(scene, zone))) continue;
    const found = lacking(zone, `${work.program.path} names the time zone ${zone}`);
    return [work.isSmall ? found : { ...found, severity: 'notes' }];
  }
  return [];
}

const embedsZones = async (work: Work): Promise<boolean> => (await zonesNamedIn(work)).isTable;

const pythonZone = /\bZoneInfo\(\s*(['"])([\w+/-]+)\1\s*\)/;

async function zoneOfPython(scene: Scene): Promise<readonly Found[]> {
  const script = await plainScriptOf(scene);
  const zone = script?.language === 'python' ? pythonZone.exec(script.text)?.[2] : undefined;
  if (script === undefined || zone === undefined || (await hasZone(scene, zone))) return [];
  return (await hasPackage(scene)) ? [] : [lacking(zone, `${script.path} asks for ZoneInfo("${zone}")`)];
}

/** PyPI's tzdata, which zoneinfo falls back to. */
async function hasPackage(scene: Scene): Promise<boolean> {
  const set = (scene.env.get('PYTHONPATH') ?? '').split(':').filter((folder) => folder !== '');
  const folders = [...set, '/usr/lib/python3/dist-packages'];
  for (const library of ['/usr/local/lib', '/usr/lib']) {
    const versions = (await namesIn(scene, library)).filter((name) => /^python3\.\d+$/.test(name));
    folders.push(...versions.map((name) => `${library}/${name}/site-packages`));
    folders.push(...versions.map((name) => `${library}/${name}/dist-packages`));
  }
  for (const folder of folders) if (await exists(scene, `${folder}/tzdata`)) return true;
  return false;
}

const lacking = (zone: string, who: string): Found => {
  const path = `${folders[0]}/${zone}`;
  return { says: `${who}, and the image has no ${path}`, missing: [path], about: { zone } };
};
