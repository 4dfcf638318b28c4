import { writeTar } from '../../../src/formats/tar/index.ts';
import { elf } from '../../make/elf.ts';
import { type TarSpec, tarItem } from '../../make/tar.ts';
import { evilNames, mutateBytes } from './mutate.ts';
import type { Random } from './random.ts';

const block = 512;

/** A layer with every kind of entry; mostly, some of them are meant to lead out of it. */
export async function makeLayerTar(random: Random, canary: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of writeTar(plainEntries().map(tarItem))) parts.push(part);
  const evil = random.chance(0.6) ? evilEntries(random, canary).flatMap(rawEntry) : [];
  const sparse = random.chance(0.3) ? sparseEntries() : [];
  // In front of the others, or behind them before the two blocks that end an archive.
  const plain = Buffer.concat(parts);
  const [before, after] = random.chance(0.5) ? [evil, []] : [[], evil];
  return Buffer.concat([...before, ...sparse, plain.subarray(0, -2 * block), ...after, plain.subarray(-2 * block)]);
}

function plainEntries(): TarSpec[] {
  return [
    { path: 'bin/' },
    { path: 'bin/app', content: elf({ prints: 'hello\n' }), mode: 0o755 },
    { path: 'etc/' },
    { path: 'etc/motd', content: 'hello '.repeat(200) },
    { path: 'etc/caps', content: 'x', xattrs: { 'user.note': 'a note', 'security.capability': Buffer.alloc(20, 1) } },
    { path: `${'long/'.repeat(40)}name`, content: 'long' },
    { path: 'link', type: 'symlink', linkTarget: 'etc' },
    { path: 'hard', type: 'hardlink', linkTarget: 'etc/motd' },
    { path: 'null', type: 'character-device', device: { major: 1, minor: 3 } },
    { path: 'pipe', type: 'fifo' },
    { path: 'big', content: Buffer.alloc(70_000, 'big') },
  ];
}

interface RawEntry {
  readonly path: string;
  readonly type: '0' | '1' | '2' | '5';
  readonly target?: string;
  readonly content?: string | Buffer;
}

const file = (path: string, content: string | Buffer = 'evil'): RawEntry => ({ path, type: '0', content });
const directory = (path: string): RawEntry => ({ path, type: '5' });
const symlink = (path: string, target: string): RawEntry => ({ path, type: '2', target });
const hardlink = (path: string, target: string): RawEntry => ({ path, type: '1', target });

function evilEntries(random: Random, canary: string): RawEntry[] {
  const name = () => random.pick(evilNames(canary));
  const target = () => random.pick([canary, '/', '..', '../../../../../../..', '/proc/self/root', name()]);
  const makers: readonly (() => RawEntry[])[] = [
    () => [file(name())],
    () => [directory(name()), file(name())],
    () => [symlink('out', target()), file('out/escaped')],
    () => [symlink('out', target()), directory('out/'), file('out/.wh.file')],
    () => [symlink('out', target()), hardlink('out/hard', 'etc/motd'), symlink('out/soft', '/etc')],
    () => [hardlink('stolen', `${canary}/file`), file('stolen')],
    () => [symlink('etc/out', canary), hardlink('stolen', 'etc/out/file'), file('stolen')],
    () => [hardlink('stolen', name())],
    () => [hardlink('self', 'self'), hardlink('bin', 'etc')],
    () => [symlink('a', 'b'), symlink('b', 'a'), file('a/x')],
    () => [symlink('etc', target()), file('etc/motd')],
    () => [file('.wh.etc', ''), file('etc/.wh..wh..opq', '')],
    () => [file('.wh...', ''), file('.wh..', ''), file('.wh.', '')],
    () => [file('bin/app/below'), directory('bin/app/')],
    () => [symlink(name(), name())],
  ];
  return [...random.pick(makers)(), ...random.pick(makers)()];
}

/** An archive of these files, whatever their names. */
export const rawTar = (files: ReadonlyMap<string, Buffer>): Buffer =>
  Buffer.concat([...[...files].flatMap(([path, content]) => rawEntry(file(path, content))), Buffer.alloc(2 * block)]);

/** Written by hand, since our own writer refuses most of these names; a long one as GNU writes it. */
function rawEntry({ path, type, target = '', content = '' }: RawEntry): Buffer[] {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  const header = headerBlock({ name: path, type, size: body.length, target });
  return [...longName(path, 'L'), ...longName(target, 'K'), header, padded(body)];
}

export function longName(name: string, type: 'L' | 'K'): Buffer[] {
  const bytes = Buffer.from(`${name}\0`, 'latin1');
  return bytes.length <= 100 ? [] : [headerBlock({ name: '././@LongLink', type, size: bytes.length }), padded(bytes)];
}

/** GNU's old sparse header and a pax 1.0 one: what our own writer does not make. */
function sparseEntries(): Buffer[] {
  const old = headerBlock({ name: 'sparse', type: 'S', size: block });
  writeField(old, 386, 12, '00000001000');
  writeField(old, 398, 12, '00000001000');
  writeField(old, 483, 12, '00000100000');
  const records = ['GNU.sparse.major=1', 'GNU.sparse.minor=0', 'GNU.sparse.name=sparser', 'GNU.sparse.realsize=70000'];
  const body = Buffer.from(records.map(paxRecord).join(''));
  const map = Buffer.alloc(block);
  map.write('1\n4096\n512\n');
  const pax = [headerBlock({ name: 'pax', type: 'x', size: body.length }), padded(body)];
  const entry = headerBlock({ name: 'GNUSparseFile.0/sparser', type: '0', size: 2 * block });
  return [fixChecksum(old), Buffer.alloc(block, 'o'), ...pax, entry, map, Buffer.alloc(block, 's')];
}

function paxRecord(text: string): string {
  const length = text.length + 2;
  const digits = String(length + String(length).length).length;
  return `${length + digits} ${text}\n`;
}

export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
}

export function headerBlock(of: { name: string; type: string; size: number; target?: string }): Buffer {
  const header = Buffer.alloc(block);
  for (const [at, text] of [
    [0, of.name.slice(0, 100)],
    [100, '0000644'],
    [108, '0000000'],
    [116, '0000000'],
    [124, of.size.toString(8).padStart(11, '0')],
    [136, '00000000000'],
    [156, of.type],
    [157, (of.target ?? '').slice(0, 100)],
    [257, 'ustar\x0000'],
  ] as const) {
    header.write(text, at, 'latin1');
  }
  return fixChecksum(header);
}

function fixChecksum(header: Buffer): Buffer {
  header.fill(0x20, 148, 156);
  const sum = header.subarray(0, block).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

const writeField = (header: Buffer, at: number, length: number, text: string): void =>
  void header.fill(0, at, at + length).write(text.slice(0, length), at, 'latin1');

const fields = [
  { at: 0, length: 100, kind: 'name' },
  { at: 100, length: 8, kind: 'number' },
  { at: 108, length: 8, kind: 'number' },
  { at: 124, length: 12, kind: 'number' },
  { at: 124, length: 12, kind: 'number' },
  { at: 124, length: 12, kind: 'number' },
  { at: 136, length: 12, kind: 'number' },
  { at: 156, length: 1, kind: 'type' },
  { at: 156, length: 1, kind: 'type' },
  { at: 157, length: 100, kind: 'name' },
  { at: 257, length: 8, kind: 'type' },
  { at: 329, length: 8, kind: 'number' },
  { at: 345, length: 155, kind: 'name' },
  { at: 386, length: 12, kind: 'number' },
  { at: 398, length: 12, kind: 'number' },
  { at: 482, length: 1, kind: 'type' },
  { at: 483, length: 12, kind: 'number' },
] as const;

const badNumbers = [
  '77777777777',
  '7777777',
  '00000001000',
  '99999999999',
  '-0000000001',
  '           ',
  '\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff',
  '\x80\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00',
  '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff',
  '0x10',
  '',
] as const;

/** Changes fields of some headers and mostly sets their checksums right, so that a reader believes them. */
export function mutateTar(tar: Buffer, random: Random, canary: string): Buffer {
  const changed = Buffer.from(tar);
  const headers: number[] = [];
  for (let at = 0; at + block <= changed.length; at += block) {
    if (changed.toString('latin1', at + 257, at + 262) === 'ustar') headers.push(at);
  }
  for (let left = random.int(4); left > 0 && headers.length > 0; left--) {
    const at = random.pick(headers);
    const header = changed.subarray(at, at + block);
    const { at: from, length, kind } = random.pick(fields);
    if (kind === 'number') writeField(header, from, length, random.pick(badNumbers));
    else if (kind === 'name') writeField(header, from, length, random.pick(evilNames(canary)));
    else
      writeField(
        header,
        from,
        length,
        random.pick(['0', '1', '2', '3', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', 'V', 'D', '\0', 'Z', '\x01']),
      );
    if (random.chance(0.9)) fixChecksum(header);
  }
  return random.chance(0.4) ? mutateBytes(changed, random) : changed;
}
