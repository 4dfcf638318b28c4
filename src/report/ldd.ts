import type { LddElf, LddLibrary, LddSummary, LddVersion } from '../jobs/ldd/index.ts';
import { printable } from './printable.ts';

type Macho = NonNullable<LddSummary['macho']>;
type Pe = NonNullable<LddSummary['pe']>;

/** As glibc's ldd prints it, without addresses: a tab, `NAME => PATH`. Mach-O files as `otool -L` does. */
export function lddText(summary: LddSummary, { verbose }: { readonly verbose: boolean }): string {
  const lines = linesOf(summary, verbose);
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf({ elf, macho, pe, path }: LddSummary, verbose: boolean): string[] {
  if (elf !== null) return elfLines(elf, verbose);
  if (macho !== null) return machoLines(macho, printable(path), verbose);
  return pe === null ? [] : peLines(pe, verbose);
}

function elfLines(elf: LddElf, verbose: boolean): string[] {
  if (elf.linkage === 'static') return ['\tnot a dynamic executable'];
  if (elf.linkage === 'static-pie' || elf.libraries.length === 0) return ['\tstatically linked'];
  const lines = [...versionProblems(elf), ...elf.libraries.flatMap((library) => libraryLines(library, verbose))];
  if (!verbose) return lines;
  return [...lines, ...variantLines(elf), ...elf.notes.map((note) => `\t${printable(note)}`), ...versionLines(elf)];
}

function libraryLines(library: LddLibrary, verbose: boolean): string[] {
  const line = `\t${printable(placeOf(library))}`;
  return verbose ? [line, ...reasons(library).map((reason) => `\t\t${printable(reason)}`)] : [line];
}

function placeOf({ name, path }: LddLibrary): string {
  if (path === null) return `${name} => not found`;
  return path === name ? path : `${name} => ${path}`;
}

function reasons({ because, wantedBy, alsoWantedBy, searched, path, realPath }: LddLibrary): string[] {
  const wanters = [...(wantedBy === null ? [] : [wantedBy]), ...alsoWantedBy];
  return [
    because,
    ...(wanters.length === 0 ? [] : [`wanted by ${wanters.join(', ')}`]),
    ...(path !== null && realPath !== null && path !== realPath ? [`its real path is ${realPath}`] : []),
    ...(searched.length === 0 ? [] : [`looked for in ${searched.join(', ')}`]),
  ];
}

const versionProblems = ({ versions }: LddElf): string[] =>
  versions
    .filter(({ isFound, isWeak, path }) => !isFound && !isWeak && path !== null)
    .map(({ path, version, wantedBy }) =>
      printable(`${path}: version \`${version}' not found (required by ${wantedBy})`),
    );

function variantLines({ variants }: LddElf): string[] {
  if (variants.length === 0) return [];
  return ['', '\tOn better CPUs:', ...variants.map((library) => `\t${printable(placeOf(library))}`)];
}

function versionLines({ versions, libraries }: LddElf): string[] {
  if (versions.length === 0) return [];
  const opened = new Map(libraries.map(({ realPath, path }) => [realPath ?? '', path ?? '']));
  const byWanter = new Map<string, LddVersion[]>();
  for (const version of versions) {
    const known = byWanter.get(version.wantedBy);
    if (known === undefined) byWanter.set(version.wantedBy, [version]);
    else known.push(version);
  }
  const lines = [...byWanter].flatMap(([wanter, wanted]) => [
    `\t${printable(opened.get(wanter) ?? wanter)}:`,
    ...wanted.map(versionLine),
  ]);
  return ['', '\tVersion information:', ...lines];
}

const versionLine = ({ name, version, path, isFound }: LddVersion): string =>
  `\t\t${printable(`${name} (${version}) => ${isFound && path !== null ? path : 'not found'}`)}`;

function machoLines(slices: Macho, path: string, verbose: boolean): string[] {
  return slices.flatMap(({ architecture, id, libraries, rpaths }) => [
    slices.length === 1 ? `${path}:` : `${path} (architecture ${architecture}):`,
    ...[...(id === undefined ? [] : [id]), ...libraries].map((library) => {
      const versions = `compatibility version ${library.compatibilityVersion}, current version ${library.currentVersion}`;
      const kind = library.kind === 'load' ? '' : `, ${library.kind}`;
      return `\t${printable(library.path)} (${versions}${kind})`;
    }),
    ...(verbose ? rpaths.map((rpath) => `\t\t@rpath may be ${printable(rpath)}`) : []),
  ]);
}

function peLines({ imports, delayedImports, machine, class: bits, kind, isManaged }: Pe, verbose: boolean): string[] {
  const lines = [...imports.map((name) => `\t${printable(name)}`)];
  lines.push(...delayedImports.map((name) => `\t${printable(name)} (delay-loaded)`));
  if (isManaged) lines.push('\tmscoree.dll (.NET runs it)');
  if (lines.length === 0) lines.push('\tstatically linked');
  return verbose ? [...lines, '', `\tA ${bits}-bit Windows ${kind} for ${machine}`] : lines;
}
