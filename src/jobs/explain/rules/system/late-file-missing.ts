import type { Found, Rule, Scene } from '../../rule.ts';
import { exists, wordsOf } from './ask.ts';
import { configurationsIn } from './configured.ts';
import { namedFiles } from './named-files.ts';
import { missingOfNginx } from './nginx.ts';
import { filesOfScript, temporaryOfShell } from './script-files.ts';
import { missingOfServer } from './servers.ts';
import { temporaryProblem } from './temporary.ts';
import { withSeen } from './with-seen.ts';
import type { Work } from './work.ts';

export const lateFileMissing: Rule = {
  code: 'late-file-missing',
  severity: 'degrades',
  title: 'The program opens a file or directory at once that is not in the image, or that its user may not write.',
  sees: [
    'nginx: [emerg] open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)',
    'nginx: [emerg] mkdir() "/var/lib/nginx/body" failed (2: No such file or directory)',
    "redis: Fatal error, can't open config file '/etc/redis.conf': No such file or directory",
    'haproxy: Could not open configuration file /etc/haproxy.cfg : No such file or directory',
    'Go: open /tmp/x: no such file or directory',
    'C: fopen: No such file or directory; mkstemp: Permission denied',
    'Python: FileNotFoundError: [Errno 2] No such file or directory',
  ],
  why: 'A configuration named on the command line, a directory for logs, process numbers or temporary files is taken for granted by the program, and only the program and its libraries were copied. Neither docker nor runc makes /tmp, /run or /var/log.',
  fix: 'Copy the file, and make the directory with the owner and mode that the program’s user needs.',
  dockerfile: 'COPY nginx.conf /etc/nginx/nginx.conf\nCOPY --chmod=1777 empty/ /tmp/',
  judge: (scene) =>
    withSeen(scene, 'late-file-missing', {
      ofImages: [configurationProblem, filesOfScript, temporaryOfShell],
      ofPrograms: [nginxProblem, missingOfServer, temporaryProblem, namedFiles],
    }),
};

/** Files that options of the command line name as the configuration. */
async function configurationProblem(scene: Scene): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { path, option } of configurationsIn(wordsOf(scene))) {
    if (await exists(scene, path)) continue;
    const volume = scene.config.volumes.find((each) => path.startsWith(`${each}/`));
    found.push({
      severity: volume === undefined ? 'degrades' : 'notes',
      says: `the command line names the configuration ${path} (${option}), which the image does not have`,
      advice: volume === undefined ? `COPY it to ${path}.` : `Mount a directory that has it at ${volume}.`,
      missing: [path],
      about: { option, path },
    });
  }
  return found;
}

async function nginxProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  const missing = work.name === 'nginx' ? await missingOfNginx(scene, work) : [];
  return missing.map(({ path, why }) => ({
    says: `${work.program.path} ${why} ${path}, which the image does not have`,
    advice: path.endsWith('/') ? `RUN mkdir -p ${path.slice(0, -1)}` : `COPY it to ${path}.`,
    missing: [path.replace(/\/$/, '')],
    about: { path },
  }));
}
