import { imagePath, parentPath } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';
import { exists, readText, wordsOf } from './ask.ts';
import type { Work } from './work.ts';

/** What nginx opens before it serves anything: it ends without it. */
export interface NginxNeed {
  /** A directory ends with a slash. */
  readonly path: string;
  readonly why: string;
}

interface Built {
  readonly prefix: string;
  /** `--conf-path` and its like, as the program was configured. */
  readonly paths: ReadonlyMap<string, string>;
}

const temporary = /^http-[\w-]+-temp-path$/;

/** Of its configuration, what that includes, and the directories that it was built for: those that are missing. */
export async function missingOfNginx(scene: Scene, work: Work): Promise<readonly NginxNeed[]> {
  const built = await builtWith(work);
  if (built === undefined) return [];
  const argv = wordsOf(scene);
  const conf = configurationOf(scene, built);
  if (conf === undefined) return [];
  // What the command line names is told of elsewhere.
  if (!(await exists(scene, conf))) return argv.includes('-c') ? [] : [{ path: conf, why: 'reads its configuration' }];
  const text = await readText(scene, conf);
  const lines = withoutComments(`${text ?? ''}\n${argv.join('\n')}`);
  const wanted = [...included(lines, conf), ...directories(lines, built)];
  const missing: NginxNeed[] = [];
  for (const need of wanted) if (!(await exists(scene, need.path))) missing.push(need);
  return missing;
}

/** The account that nginx changes to when root starts it: of its configuration, else of its build. */
export async function userOfNginx(scene: Scene, work: Work): Promise<string | undefined> {
  const built = await builtWith(work);
  const conf = built && configurationOf(scene, built);
  const text = conf === undefined ? undefined : await readText(scene, conf);
  if (built === undefined || text === undefined) return undefined;
  return settingOf(withoutComments(text), 'user') ?? built.paths.get('user') ?? 'nobody';
}

function configurationOf(scene: Scene, { prefix, paths }: Built): string | undefined {
  const argv = wordsOf(scene);
  const set = argv[argv.indexOf('-c') + 1];
  return argv.includes('-c') && set !== undefined ? absolute(set, prefix) : paths.get('conf-path');
}

/** What `nginx -V` prints stands in the program as one text. */
async function builtWith({ program }: Work): Promise<Built | undefined> {
  for (const text of await program.strings()) {
    if (!text.includes('--conf-path=') && !text.includes('--prefix=')) continue;
    const paths = new Map<string, string>();
    for (const [, name = '', path = ''] of text.matchAll(/--([\w-]+-path|prefix|user)=(\S+)/g)) paths.set(name, path);
    const prefix = paths.get('prefix') ?? '/usr/local/nginx';
    return {
      prefix,
      paths: new Map([['conf-path', `${prefix}/conf/nginx.conf`], ['pid-path', `${prefix}/logs/nginx.pid`], ...paths]),
    };
  }
  return undefined;
}

const withoutComments = (text: string): string => text.replace(/(^|\s)#.*$/gm, '');

const absolute = (path: string, folder: string): string =>
  path.startsWith('/') ? path : imagePath(`${folder}/${path}`);

/** A pattern may match nothing; a plain name may not. */
function included(text: string, conf: string): NginxNeed[] {
  return [...text.matchAll(/\binclude\s+([^\s;*?[]+)\s*;/g)].map(([, path = '']) => ({
    path: absolute(path, parentPath(imagePath(conf))),
    why: 'includes in its configuration',
  }));
}

function directories(text: string, { prefix, paths }: Built): NginxNeed[] {
  const pid = settingOf(text, 'pid') ?? paths.get('pid-path');
  const files = [
    pid,
    ...logsIn(text),
    settingOf(text, 'error_log') === undefined ? paths.get('error-log-path') : undefined,
  ];
  const servesHttp = /\bhttp\s*\{/.test(text);
  const access = servesHttp && !/\baccess_log\s/.test(text) ? [paths.get('http-log-path')] : [];
  const folders = servesHttp
    ? [...paths].filter(([name]) => temporary.test(name) && !isSet(text, name)).map(([, path]) => path)
    : [];
  return [...new Set([...files, ...access, ...folders])]
    .filter((path) => path !== undefined && path !== 'stderr' && !path.startsWith('/dev/'))
    .map((path) => ({ path: folderOf(path ?? '', prefix), why: 'needs the directory' }))
    .filter(({ path }, at, all) => all.findIndex((other) => other.path === path) === at);
}

/** `http-client-body-temp-path` of the build is `client_body_temp_path` of the configuration. */
const isSet = (text: string, name: string): boolean =>
  text.includes(`${name.replace(/^http-/, '').replaceAll('-', '_')} `);

const folderOf = (path: string, prefix: string): string => {
  const folder = parentPath(imagePath(absolute(path, prefix)));
  return folder === '/' ? '/' : `${folder}/`;
};

const settingOf = (text: string, name: string): string | undefined =>
  new RegExp(`(?:^|[\\s;{])${name}\\s+([^\\s;]+)`).exec(text)?.[1];

const logsIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:error_log|access_log)\s+([^\s;$]+)/g)]
    .map(([, path = '']) => path)
    .filter((path) => path !== 'off' && !path.startsWith('syslog:') && !path.startsWith('memory:'));
