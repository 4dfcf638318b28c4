import type { Package } from './types.ts';

/**
 * One paragraph of a Debian control file (deb822(5)) as an installed package;
 * undefined for a package that was removed, or a paragraph without a name.
 */
export function parseControl(paragraph: string): Package | undefined {
  const field = (name: string): string => fieldOf(paragraph, name);
  const name = field('Package');
  const status = field('Status');
  if (name === '' || (status !== '' && !/ (installed|unpacked|half-configured|triggers-\w+)$/.test(status)))
    return undefined;
  const kilobytes = Number(field('Installed-Size'));
  return {
    name,
    version: field('Version'),
    architecture: field('Architecture'),
    source: field('Source').split(' ')[0] || name,
    essential: field('Essential') === 'yes',
    installedBytes: Number.isSafeInteger(kilobytes) && kilobytes > 0 ? kilobytes * 1024 : undefined,
    depends: [...relationsOf(field('Pre-Depends')), ...relationsOf(field('Depends'))],
    recommends: relationsOf(field('Recommends')),
    suggests: relationsOf(field('Suggests')),
    provides: relationsOf(field('Provides')).flat(),
  };
}

/** The value of a field, its folded lines joined; '' when it is absent. */
export function fieldOf(paragraph: string, name: string): string {
  const start = paragraph.startsWith(`${name}:`) ? 0 : paragraph.indexOf(`\n${name}:`) + 1;
  if (start === 0 && !paragraph.startsWith(`${name}:`)) return '';
  let end = paragraph.indexOf('\n', start);
  while (end !== -1 && (paragraph[end + 1] === ' ' || paragraph[end + 1] === '\t'))
    end = paragraph.indexOf('\n', end + 1);
  return paragraph.slice(start + name.length + 1, end === -1 ? undefined : end).trim();
}

/** `a (>= 1), b:any | c [amd64]` as [[a], [b, c]] (Debian policy 7.1). */
const relationsOf = (text: string): string[][] =>
  text
    .split(',')
    .map((alternatives) => alternatives.split('|').map((one) => one.trim().split(/[\s:([<]/)[0] ?? ''))
    .map((alternatives) => alternatives.filter((name) => name !== ''))
    .filter((alternatives) => alternatives.length > 0);
