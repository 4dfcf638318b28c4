import { closureOfLibrary } from '../../../../facts/loader/index.ts';
import { languageOf } from '../../../../facts/programs/index.ts';
import { resolve } from '../../../../rootfs/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { javaHomeOf } from './java-home.ts';
import { listed } from './listed.ts';

export const javaFonts: Rule = {
  code: 'java-fonts',
  severity: 'notes',
  title: 'Java cannot draw text: its font libraries or all fonts are missing.',
  sees: [
    'java: java.lang.UnsatisfiedLinkError: /opt/java/lib/libfontmanager.so: libfreetype.so.6: cannot open shared object file: No such file or directory',
    'java: java.lang.NullPointerException: Cannot load from short array because "sun.awt.FontConfiguration.head" is null',
    'java: java.lang.InternalError: java.lang.reflect.InvocationTargetException at sun.font.FontManagerFactory',
  ],
  why: 'Reports, charts, captchas and spreadsheets draw text without a screen, and the module java.desktop needs libfreetype, libfontconfig and at least one font for it. Small images leave them out.',
  fix: 'Install fontconfig and a font.',
  dockerfile: 'RUN apt-get update && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core',
  judge: judgeFonts,
};

/** The runtime loads them itself, by their paths. */
const ofRuntime = /^lib(jvm|java|jli|awt|awt_headless|net|nio|zip|jimage|verify)\.so$/;
const places = ['/usr/share/fonts', '/usr/local/share/fonts', '/usr/share/X11/fonts'];

async function judgeFonts(scene: Scene): Promise<readonly Found[]> {
  const { program, tree } = scene;
  if (program === undefined || (await languageOf(program)) !== 'java') return [];
  const home = await javaHomeOf(scene, program);
  const library = home && (await resolve(tree, `${home.path}/lib/libfontmanager.so`));
  if (home?.modules?.has('java.desktop') === false || !library?.found) return [];
  const answer = await closureOfLibrary(program.closure, library.path);
  const missing = [...new Set(answer.missing.map(({ name }) => name))].filter((name) => !ofRuntime.test(name));
  if (missing.length > 0)
    return [
      { says: `${library.path} needs ${listed(missing)}, which is not there`, missing, about: { path: library.path } },
    ];
  for (const place of places) if ((await resolve(tree, place)).found) return [];
  return [
    {
      says: `there are no fonts in ${places[0]} for ${home?.path}, which has java.desktop`,
      about: { path: library.path },
    },
  ];
}
