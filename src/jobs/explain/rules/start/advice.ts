/** The last component of a path that need not be tidy. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The directory of a path that need not be tidy. */
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** A base image that has this loader. */
export const baseFor = (loader: string): string =>
  baseName(loader).startsWith('ld-musl-') ? 'alpine' : 'debian:12-slim';

/** The JSON array of a command line that holds no shell syntax; a placeholder for one that does. */
export const execForm = (text: string): string =>
  /^[\w./:=@%+, -]+$/.test(text) ? JSON.stringify(text.trim().split(/\s+/)) : '["/app", "--flag"]';

/** What packages of commands are called where it is not the command's own name. */
const packageNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  node: { apt: 'nodejs', apk: 'nodejs', dnf: 'nodejs' },
  java: { apt: 'default-jre-headless', apk: 'openjdk21-jre-headless', dnf: 'java-21-openjdk-headless' },
  python: { apt: 'python-is-python3', apk: 'python3', dnf: 'python3' },
};

const installers: Readonly<Record<string, (name: string) => string>> = {
  apt: (name) => `RUN apt-get update && apt-get install -y --no-install-recommends ${name}`,
  apk: (name) => `RUN apk add --no-cache ${name}`,
  dnf: (name) => `RUN dnf install -y ${name}`,
  microdnf: (name) => `RUN microdnf install -y ${name}`,
  yum: (name) => `RUN yum install -y ${name}`,
  zypper: (name) => `RUN zypper --non-interactive install ${name}`,
  pacman: (name) => `RUN pacman -Sy --noconfirm ${name}`,
};

/** How to bring a library or a command with the image's own package manager, or without one. */
export function installLine(packageManager: string | undefined, wanted: string): string {
  const name = baseName(wanted);
  const install = installers[packageManager ?? ''];
  if (install === undefined || packageManager === undefined) {
    return `Copy it from an image that has it: COPY --from=build PATH/${name} PATH/`;
  }
  const isLibrary = /\.so(\.|$)/.test(name);
  if (!isLibrary) return `Install it: ${install(packageNames[name]?.[packageManager] ?? name)}`;
  if (packageManager === 'apt') return `Install its package: ${install(debianPackageOf(name))}`;
  return packageManager === 'apk'
    ? `Install its package: ${install(`so:${name}`)}`
    : `Install its package: ${install(`'${name}*'`)}`;
}

/** Debian policy 8.1: the soname, with a dash between a digit and the version. */
function debianPackageOf(soname: string): string {
  const [, name = soname, version = ''] = /^(.+?)\.so\.?([\d.]*)$/.exec(soname) ?? [];
  const dash = /\d$/.test(name) && version !== '' ? '-' : '';
  return `${name}${dash}${version}`.toLowerCase().replaceAll('_', '-');
}

/** The newest version of each library that a release has, oldest release first. */
const releases: readonly (readonly [string, Readonly<Record<string, readonly number[]>>])[] = [
  ['debian:11-slim', { GLIBC: [2, 31], GLIBCXX: [3, 4, 28], CXXABI: [1, 3, 12] }],
  ['ubuntu:22.04', { GLIBC: [2, 35], GLIBCXX: [3, 4, 30], CXXABI: [1, 3, 13] }],
  ['debian:12-slim', { GLIBC: [2, 36], GLIBCXX: [3, 4, 30], CXXABI: [1, 3, 13] }],
  ['ubuntu:24.04', { GLIBC: [2, 39], GLIBCXX: [3, 4, 33], CXXABI: [1, 3, 15] }],
  ['debian:13-slim', { GLIBC: [2, 41], GLIBCXX: [3, 4, 33], CXXABI: [1, 3, 15] }],
];

/** The oldest well-known base whose libraries define a symbol version such as `GLIBC_2.38`. */
export function newerBase(version: string): string {
  const [, library = '', number = ''] = /^([A-Z]+)_([\d.]+)$/.exec(version) ?? [];
  const wanted = number.split('.').map(Number);
  const base = releases.find(([, has]) => isAtLeast(has[library] ?? [], wanted))?.[0];
  const bring = base === undefined ? 'a newer release of the library' : `a base that has it, such as \`FROM ${base}\``;
  return `Use ${bring}, or build the program on the base that it runs on.`;
}

function isAtLeast(has: readonly number[], wanted: readonly number[]): boolean {
  for (const [at, part] of wanted.entries()) {
    const own = has[at] ?? -1;
    if (own !== part) return own > part;
  }
  return has.length > 0;
}
