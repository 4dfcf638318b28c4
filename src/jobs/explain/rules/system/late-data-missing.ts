import { childPath, parentPath } from '../../../../kit/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { exists, namesIn, wordsOf } from './ask.ts';
import { wordIn } from './code.ts';
import { plainScriptOf } from './script.ts';
import { withSeen } from './with-seen.ts';
import type { Work } from './work.ts';

const folder = '/usr/lib/locale';
const localeCallers = ['setlocale', 'newlocale'];
/** std::locale::locale(char const*) of libstdc++ and libc++, which throws. */
const throwers = ['_ZNSt6localeC1EPKc', '_ZNSt3__16localeC1EPKc'];
/** As glibc sees them: the first that is set counts. */
const variables = ['LC_ALL', 'LC_CTYPE', 'LANG'];
/** Interpreters that call setlocale at once and warn for every locale; bash does for LC_ALL alone. */
const interpreters = /^perl[\d.]*$/;
const named = /^[a-z]{2,3}(_[A-Z]{2})?\.(UTF-8|utf8|ISO-?8859-\d+)$|^C\.(UTF-8|utf8)$|^[a-z]{2}_[A-Z]{2}$/;
/** Character sets that are no part of libc.so.6: the others are UTF-8, UCS-4 and ASCII. */
const modular =
  /^(ISO_?-?8859-\d+|ISO-2022-\w+|LATIN-?\d|CP\d{3,4}|WINDOWS-?\d+|UTF-?16(LE|BE)?|UTF-?32(LE|BE)?|UTF-?7|GBK|GB2312|GB18030|BIG-?5(-?HKSCS)?|SHIFT[_-]?JIS|SJIS|EUC-?(JP|KR|CN|TW)|KOI8-?[RU]|IBM\d+|MACINTOSH|TIS-?620)(\/\/\w*)*$/i;

export const lateDataMissing: Rule = {
  code: 'late-data-missing',
  severity: 'degrades',
  title: 'The program uses a locale or a character set whose data are not in the image.',
  sees: [
    "C++: terminate called after throwing an instance of 'std::runtime_error' what(): locale::facet::_S_create_c_locale name not valid (exit code 134 or 139)",
    'bash: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)',
    'perl: warning: Setting locale failed.',
    'C: setlocale returns NULL; texts beyond ASCII become question marks',
    'C: iconv_open: Invalid argument',
    "iconv: conversion from `ISO-8859-1' is not supported",
  ],
  why: 'glibc reads each locale from /usr/lib/locale, C.UTF-8 too, and converts character sets other than UTF-8, UCS-4 and ASCII by modules in the directory gconv beside libc.so.6. Minimal images have neither. musl has both built in.',
  fix: 'Set LANG to a locale that the image has, or bring it: C.UTF-8 is part of libc-bin, others are made by localedef.',
  dockerfile: 'ENV LANG=C.UTF-8\nCOPY --from=build /usr/lib/locale/C.utf8 /usr/lib/locale/C.utf8',
  judge: (scene) =>
    withSeen(scene, 'late-data-missing', {
      ofImages: [localeProblem, localeOfScript],
      ofPrograms: [namedLocale, gconvProblem],
    }),
};

async function localeProblem(scene: Scene, work: Work | undefined): Promise<readonly Found[]> {
  if (scene.program?.closure.flavour !== 'glibc') return [];
  const variable = variables.find((name) => scene.env.get(name));
  const name = scene.env.get(variable ?? '') ?? '';
  if (variable === undefined || name === 'C' || name === 'POSIX' || (await hasLocale(scene, name))) return [];
  const caller = callerOf(scene, work);
  return [
    {
      severity: caller === undefined ? 'notes' : 'degrades',
      says: `${variable} is ${name}, and the image has no such locale${caller === undefined ? '' : `, which ${scene.program.path} sets (${caller})`}`,
      missing: [name],
      about: { locale: name, variable },
    },
  ];
}

function callerOf({ program }: Scene, work: Work | undefined): string | undefined {
  if (work !== undefined)
    return work.importsAny(throwers) === undefined ? work.importsAny(localeCallers) : 'std::locale';
  const name = program?.path.slice(program.path.lastIndexOf('/') + 1) ?? '';
  return interpreters.test(name) ? 'setlocale' : undefined;
}

/** A locale that stands in a small program itself. */
async function namedLocale(scene: Scene, work: Work): Promise<readonly Found[]> {
  if (work.program.closure.flavour !== 'glibc' || !work.isSmall) return [];
  const caller = work.importsAny([...throwers, ...localeCallers]);
  if (caller === undefined) return [];
  for (const name of await work.program.strings()) {
    if (!named.test(name) || (await hasLocale(scene, name))) continue;
    return [
      {
        says: `${work.program.path} sets the locale ${name}, which the image does not have`,
        missing: [name],
        about: { locale: name },
      },
    ];
  }
  return [];
}

const inPython = /\bsetlocale\(\s*[\w.]+\s*,\s*(['"])([\w.@-]*)\1/;

/** Python raises locale.Error, for a name in the script as for one in the environment. */
async function localeOfScript(scene: Scene): Promise<readonly Found[]> {
  if (scene.program?.closure.flavour !== 'glibc') return [];
  const script = await plainScriptOf(scene);
  const set = script?.language === 'python' ? inPython.exec(script.text)?.[2] : undefined;
  if (script === undefined || set === undefined) return [];
  const name = set || variables.map((variable) => scene.env.get(variable)).find((value) => value) || 'C';
  if (name === 'C' || name === 'POSIX' || (await hasLocale(scene, name))) return [];
  return [
    {
      says: `${script.path} sets the locale ${name}, which the image does not have`,
      missing: [name],
      about: { locale: name, script: script.path },
    },
  ];
}

/** What stands in an archive of locales is not looked into: it is there to hold those that are used. */
async function hasLocale(scene: Scene, name: string): Promise<boolean> {
  const places = (scene.env.get('LOCPATH') ?? '').split(':').filter((each) => each !== '');
  for (const place of [...places, folder])
    for (const spelling of spellingsOf(name)) if (await exists(scene, `${place}/${spelling}`)) return true;
  return exists(scene, `${folder}/locale-archive`);
}

function spellingsOf(name: string): string[] {
  const [, language = name, charset = '', modifier = ''] = /^([^.@]+)(?:\.([^@]+))?(@.*)?$/.exec(name) ?? [];
  const normal = charset.toLowerCase().replace(/[^a-z0-9]/g, '');
  const short = language.split('_', 1)[0] ?? language;
  const spellings = [language, short].flatMap((each) => [
    ...(charset === '' ? [] : [`${each}.${charset}`, `${each}.${normal}`]),
    each,
  ]);
  return [...new Set(spellings.flatMap((each) => [`${each}${modifier}`, each]))].filter((each) => each !== 'C');
}

async function gconvProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  if (work.program.closure.flavour !== 'glibc' || work.importsAny(['iconv_open']) === undefined) return [];
  if (scene.env.get('GCONV_PATH')) return [];
  const libc = work.program.closure.objects.find(({ elf }) => elf.dynamic?.soname === 'libc.so.6');
  if (libc === undefined) return [];
  const modules = childPath(parentPath(libc.path), 'gconv');
  if ((await namesIn(scene, modules)).length > 0) return [];
  const isTool = work.name === 'iconv';
  const texts = isTool
    ? wordsOf(scene).map((word) => word.replace(/^-*\w+=|^-[ft]/, ''))
    : await work.program.strings();
  const long = [...texts].find((text) => modular.test(text))?.replace(/\/\/.*/, '');
  const charset = long ?? (await wordIn(scene, work.program, ['GBK', 'gbk']));
  const isSure = (work.isSmall || isTool) && charset !== undefined;
  return [
    {
      severity: isSure ? 'degrades' : 'notes',
      says: `${work.program.path} converts character sets (iconv_open${charset === undefined ? '' : ` with ${charset}`}), and the image has no modules in ${modules}`,
      advice: `Bring ${modules} from the image of the build.`,
      missing: isSure ? [charset] : [modules],
      about: { folder: modules, ...(charset !== undefined && { charset }) },
    },
  ];
}
