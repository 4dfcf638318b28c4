import { scanShell } from '../../../../facts/shell/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { findCommand } from './ask.ts';

const defaultShell = ['/bin/sh', '-c'];

export const healthcheckCommandMissing: Rule = {
  code: 'healthcheck-command-missing',
  severity: 'degrades',
  title: 'HEALTHCHECK calls a command that is not in the image: the container becomes unhealthy.',
  sees: [
    'docker inspect: OCI runtime exec failed: exec failed: unable to start container process: exec: "wget": executable file not found in $PATH: unknown',
    'docker inspect: OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
    'docker inspect: /bin/sh: 1: curl: not found',
    'docker ps: Up 2 minutes (unhealthy)',
  ],
  why: 'docker runs the check inside of the container. curl and wget are in no minimal image, and the shell form of HEALTHCHECK needs /bin/sh. The check fails for ever, and orchestrators restart the container or send it no requests.',
  fix: 'Let the program check itself, in exec form; or bring the command; or take the check out.',
  dockerfile: 'HEALTHCHECK CMD ["/app", "healthcheck"]',
  async judge(scene) {
    const [kind = 'NONE', ...words] = scene.config.healthcheck?.test ?? [];
    if (kind === 'CMD') return words.length === 0 ? [] : checkExec(scene, words);
    return kind === 'CMD-SHELL' ? checkShell(scene, words.join(' ')) : [];
  },
};

async function checkExec(scene: Scene, words: readonly string[]): Promise<readonly Found[]> {
  const [command = ''] = words;
  if ((await findCommand(scene, command)) === undefined) return [lacking(command, words.join(' '))];
  const isShell = /(^|\/)(sh|bash|dash|ash)$/.test(command) && words[1] === '-c';
  return isShell ? checkText(scene, words[2] ?? '') : [];
}

async function checkShell(scene: Scene, text: string): Promise<readonly Found[]> {
  const [shell = '/bin/sh'] = scene.config.shell ?? defaultShell;
  if ((await findCommand(scene, shell)) === undefined) return [lacking(shell, text)];
  return checkText(scene, text);
}

/** Commands that the text calls without asking for them first. With another one to fall back on, it may do. */
async function checkText(scene: Scene, text: string): Promise<readonly Found[]> {
  const { called, tested } = scanShell(text, Object.fromEntries(scene.env));
  const wanted = [...called].filter((name) => !tested.has(name) && !name.includes('$'));
  const missing: string[] = [];
  for (const name of wanted) if ((await findCommand(scene, name)) === undefined) missing.push(name);
  if (missing.length === 0) return [];
  const hasOther = text.includes('||') && missing.length < wanted.length;
  return missing.map((name) => ({ ...lacking(name, text), ...(hasOther && { severity: 'notes' as const }) }));
}

const lacking = (command: string, text: string): Found => ({
  says: `HEALTHCHECK calls ${command}, which the image does not have`,
  missing: [command],
  about: { command, test: text },
});
