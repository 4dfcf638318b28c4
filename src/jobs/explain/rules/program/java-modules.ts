import { languageOf } from '../../../../facts/programs/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { javaHomeOf } from './java-home.ts';

export const javaModules: Rule = {
  code: 'java-modules',
  severity: 'notes',
  title: 'A cut-down Java runtime lacks a module that jlink does not see to be needed.',
  sees: [
    'java: javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure',
    'java: java.lang.NoClassDefFoundError: sun/misc/Unsafe',
  ],
  why: 'jdeps and jlink find modules by what classes name. Elliptic curves of TLS (jdk.crypto.ec, part of java.base only since Java 22) and sun.misc.Unsafe (jdk.unsupported, which many libraries use) are found at run time.',
  fix: 'Add them to the runtime: jlink --add-modules jdk.crypto.ec,jdk.unsupported.',
  dockerfile: 'RUN jlink --add-modules java.base,jdk.crypto.ec,jdk.unsupported --strip-debug --output /jre',
  judge: judgeModules,
};

async function judgeModules(scene: Scene): Promise<readonly Found[]> {
  const { program } = scene;
  if (program === undefined || (await languageOf(program)) !== 'java') return [];
  const home = await javaHomeOf(scene, program);
  if (home?.modules === undefined) return [];
  const wanted = [...(home.release < 22 ? ['jdk.crypto.ec'] : []), 'jdk.unsupported'];
  return wanted
    .filter((name) => home.modules?.has(name) === false)
    .map((name) => ({
      says: `the Java runtime ${home.path} is without the module ${name}`,
      missing: [name],
      about: { home: home.path },
    }));
}
