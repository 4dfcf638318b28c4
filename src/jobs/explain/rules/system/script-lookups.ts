import { readAccounts, readGroups } from '../../../../facts/users/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { exists } from './ask.ts';
import { matchesOf, plainScriptOf } from './script.ts';

const users = /\b(?:pwd\.getpwnam|Etc\.getpwnam|getpwnam|posix_getpwnam)\s*\(?\s*(['"])([\w.-]+)\1/g;
const groups = /\b(?:grp\.getgrnam|Etc\.getgrnam|getgrnam|posix_getgrnam)\s*\(?\s*(['"])([\w.-]+)\1/g;
const services = /\bgetservbyname\s*\(?\s*(['"])([\w-]+)\1/g;
/** Who am I: an error without an account. */
const itself = /\bpwd\.getpwuid\(\s*os\.get(?:e)?uid\(\)\s*\)|\bos\.userInfo\(/;

/** Users, groups and services that a script looks up by a constant name. */
export async function lookupsOfScript(scene: Scene): Promise<readonly Found[]> {
  const script = await plainScriptOf(scene);
  if (script === undefined) return [];
  const { text, path } = script;
  const accounts = new Set((await readAccounts(scene.tree)).map(({ name }) => name));
  const known = new Set((await readGroups(scene.tree)).map(({ name }) => name));
  const found = [
    ...matchesOf(text, users, 2)
      .filter((name) => !accounts.has(name))
      .map((name) => lacking(path, `the user ${name}`, '/etc/passwd')),
    ...matchesOf(text, groups, 2)
      .filter((name) => !known.has(name))
      .map((name) => lacking(path, `the group ${name}`, '/etc/group')),
  ];
  const [service] = matchesOf(text, services, 2);
  if (service !== undefined && !(await exists(scene, '/etc/services')))
    found.push(lacking(path, `the service ${service}`, '/etc/services'));
  const uid = scene.verdict.as?.uid ?? 0;
  if (itself.test(text) && !(await readAccounts(scene.tree)).some((account) => account.uid === uid))
    found.push(lacking(path, `its own user ${uid}`, '/etc/passwd'));
  return found;
}

const lacking = (script: string, what: string, file: string): Found => ({
  says: `${script} looks ${what} up, which the image's ${file} does not have`,
  missing: [file],
  about: { script, file },
});
