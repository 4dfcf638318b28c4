import { childPath, imagePath } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

const callers = ['localtime', 'localtime_r', 'localtime64_r', 'tzset', 'mktime', 'timelocal', 'ctime', 'ctime_r'];
const folder = imagePath('/usr/share/zoneinfo');
/** Copies in another form that nobody reads by default. */
const copies = new Set(['posix', 'right']);

/** Local time: /etc/localtime, the zone in TZ, and the others that a user may set. */
export const timeZones: Rule = {
  name: 'time-zone',
  async wishesOf(subject, scene) {
    const caller = await callerIn(subject);
    if (caller === undefined) return [];
    const wishes: Wish[] = [
      '/etc/localtime',
      '/etc/timezone',
      `${folder}/UTC`,
      `${folder}/Etc/UTC`,
      `${folder}/posixrules`,
    ].map((path) => ({
      path,
      level: 'likely',
      detail: `${caller} reads it`,
    }));
    const zone = /^:?([\w+/-]+)$/.exec(scene.env['TZ'] ?? '')?.[1];
    if (zone !== undefined) wishes.push({ path: `${folder}/${zone}`, level: 'likely', detail: `TZ=${zone}` });
    return [...wishes, ...(await allZones(subject, scene))];
  },
};

async function callerIn(subject: Subject): Promise<string | undefined> {
  if (subject.role === 'library') return undefined;
  const caller = await subject.importsAny(callers);
  if (caller !== undefined) return caller;
  const isClosed = subject.process?.flavour === 'static';
  return isClosed && (await subject.mentions('zoneinfo')) ? 'the program' : undefined;
}

/** All zones where the program itself looks zones up by name; elsewhere they only matter when TZ is set. */
async function allZones(subject: Subject, scene: Scene): Promise<Wish[]> {
  const level = (await looksUp(subject)) ? 'likely' : 'possible';
  const names = (await scene.namesIn(folder)).filter((name) => !copies.has(name));
  return names.map((name) => ({ path: childPath(folder, name), level, detail: 'TZ may name it', what: 'tree' }));
}

async function looksUp(subject: Subject): Promise<boolean> {
  if (subject.process?.flavour === 'static') return subject.mentions('zoneinfo');
  return (await subject.absolutePaths()).some((path) => path.startsWith(folder));
}
