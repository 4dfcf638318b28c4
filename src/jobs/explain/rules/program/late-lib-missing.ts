import type { Found, Rule, Scene } from '../../rule.ts';
import { seenLate } from '../late.ts';
import { installLine, newerBase } from '../start/advice.ts';
import { missingLibgcc } from './libgcc.ts';
import { listed } from './listed.ts';
import { missingOfModules } from './module-libraries.ts';
import { missingByName, missingByNote } from './opened-libraries.ts';
import { missingOfServers } from './server-modules.ts';

/** A library that will be wanted while the program runs. */
export interface LateLibrary {
  readonly name: string;
  /** Others of the same kind, which the sentence names too. */
  readonly others?: readonly string[];
  /** The object or script that wants it. */
  readonly by: string;
  /** The sentence, without advice. */
  readonly says: string;
  readonly severity: 'degrades' | 'notes';
}

export const lateLibMissing: Rule = {
  code: 'late-lib-missing',
  severity: 'degrades',
  title: 'A library that the program loads while it runs is not in the image.',
  sees: [
    'glibc: libgcc_s.so.1 must be installed for pthread_cancel to work',
    'glibc: libgcc_s.so.1 must be installed for pthread_exit to work',
    'program: libfoo.so.1: cannot open shared object file: No such file or directory (from dlopen)',
    'python: ImportError: libGL.so.1: cannot open shared object file: No such file or directory',
    "python: ImportError: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /usr/lib/python3/dist-packages/foo.abi3.so)",
    'node: Error: libvips-cpp.so.42: cannot open shared object file: No such file or directory (code ERR_DLOPEN_FAILED)',
    'ruby: libyaml-0.so.2: cannot open shared object file: No such file or directory - /usr/lib/x86_64-linux-gnu/ruby/3.1.0/psych.so (LoadError)',
    "perl: Can't load '/usr/lib/x86_64-linux-gnu/perl5/5.36/auto/Net/SSLeay/SSLeay.so' for module Net::SSLeay: libssl.so.3: cannot open shared object file: No such file or directory",
    "php: PHP Warning:  PHP Startup: Unable to load dynamic library 'ffi.so' (tried: /usr/lib/php/20220829/ffi.so (libffi.so.8: cannot open shared object file: No such file or directory)",
    'nginx: nginx: [emerg] dlopen() "/usr/share/nginx/modules/ngx_http_geoip_module.so" failed (libGeoIP.so.1: cannot open shared object file: No such file or directory)',
    'java: java.lang.UnsatisfiedLinkError: libfoo.so: libbar.so.1: cannot open shared object file: No such file or directory',
  ],
  why: 'What a program loads by dlopen(3), as interpreters load their extension modules, is not in its list of needed libraries, so that ldd and images made by it leave it out. glibc itself loads libgcc_s.so.1 when a thread ends by pthread_exit or is cancelled.',
  fix: 'Install the package that has the library; for libgcc_s.so.1 that is libgcc-s1 (Debian) or libgcc (Fedora).',
  dockerfile: 'RUN apt-get update && apt-get install -y --no-install-recommends libgcc-s1',
  judge: judgeLibraries,
};

async function judgeLibraries(scene: Scene): Promise<readonly Found[]> {
  const seen = seenLate(scene.verdict, 'late-lib-missing');
  const { program } = scene;
  if (program === undefined || scene.verdict.starts === 'no' || program.closure.flavour === 'static') return seen;
  const known = new Set(seen.flatMap(({ missing = [] }) => missing));
  const libraries = [
    ...(await missingLibgcc(program)),
    ...(await missingByNote(program)),
    ...(await missingByName(scene, program)),
    ...(await missingOfModules(scene, program)),
    ...(await missingOfServers(scene, program)),
  ];
  const found: Found[] = [];
  for (const library of libraries) {
    const names = [library.name, ...(library.others ?? [])];
    if (!names.every((name) => known.has(name))) found.push(foundOf(library, scene));
    for (const name of names) known.add(name);
  }
  return [...seen, ...found];
}

const foundOf = ({ name, others = [], by, says, severity }: LateLibrary, { os }: Scene): Found => ({
  says,
  severity,
  missing: [name, ...others],
  advice: adviceFor([name, ...others], os.packageManager),
  about: { subject: by },
});

function adviceFor(names: readonly string[], packageManager: string | undefined): string {
  const [name = ''] = names;
  if (/^[A-Z]+_[\d.]+$/.test(name)) return newerBase(name);
  if (/(^|\/)lib[^/]*$/.test(name)) return installLine(packageManager, name);
  return `Bring ${listed(names)} with all that it needs, or take the name out of what loads it.`;
}
