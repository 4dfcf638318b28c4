import { bytesOfText, Fault } from '../../kit/index.ts';
import type { TarEntryType, TarHeader } from './entry.ts';
import { checksumOf, fields } from './header.ts';
import { blockSize, maxMetadataBytes, maxPathBytes, paddingOf } from './limits.ts';
import { formatInstant, formatOctal } from './number.ts';
import { formatPax } from './pax.ts';

const typeFlags: Readonly<Record<TarEntryType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};

type Records = Map<string, Uint8Array>;

/**
 * The blocks that stand before an entry's content: a ustar header, and before it a PAX header with exactly what
 * does not fit: names that are no ASCII or too long, numbers beyond their fields, parts of seconds, times before
 * 1970, xattrs (as SCHILY.xattr, which Go, GNU tar and libarchive read). Equal headers give equal bytes.
 * @throws {Fault} TAR_MALFORMED for what no tar can say.
 */
export function encodeHeader(header: TarHeader): Buffer {
  const records: Records = new Map();
  const block = Buffer.alloc(blockSize);
  const path = pathOf(header);
  putPath(block, records, path);
  putName(block, records, { field: 'linkName', key: 'linkpath', text: linkOf(header) });
  putName(block, records, { field: 'userName', key: 'uname', text: header.userName });
  putName(block, records, { field: 'groupName', key: 'gname', text: header.groupName });
  putNumbers(block, records, header);
  putDevice(block, header);
  putXattrs(records, header);
  putEnd(block, typeFlags[header.type]);
  return records.size === 0 ? block : Buffer.concat([encodePax(records, path), block]);
}

const impossible = (header: TarHeader, says: string): Fault =>
  new Fault('TAR_MALFORMED', `${JSON.stringify(header.path.slice(0, 200))} ${says}`, {
    hint: 'Rename it or leave it out: no tar archive can hold it.',
  });

/** Directories end in a slash, so that readers of v7 know them too. */
function pathOf(header: TarHeader): string {
  const { path, type } = header;
  checkName(header, path);
  if (path === '') throw impossible(header, 'is an empty path');
  return type === 'directory' && !path.endsWith('/') ? `${path}/` : path;
}

function linkOf(header: TarHeader): string {
  if (header.type !== 'symlink' && header.type !== 'hardlink') return '';
  checkName(header, header.linkTarget);
  if (header.linkTarget === '') throw impossible(header, 'links to an empty path');
  return header.linkTarget;
}

function checkName(header: TarHeader, text: string): void {
  if (text.includes('\0')) throw impossible(header, 'has a NUL in its path or link target');
  if (text.length * 3 > maxPathBytes && bytesOfText(text).length >= maxPathBytes) {
    throw impossible(header, `has a path or link target of ${maxPathBytes} bytes or more`);
  }
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

function putPath(block: Buffer, records: Records, path: string): void {
  const { name, prefix } = fields;
  const cut = isAscii(path) ? splitPoint(path) : undefined;
  if (cut === undefined) {
    records.set('path', bytesOfText(path));
    putAscii(block, fields.name, path);
  } else {
    block.write(path.slice(cut === 0 ? 0 : cut + 1), name.at, 'latin1');
    block.write(path.slice(0, cut), prefix.at, 'latin1');
  }
}

/** Where the path falls into prefix and name; 0 when it fits the name alone, undefined when neither fits. */
function splitPoint(path: string): number | undefined {
  if (path.length <= fields.name.length) return 0;
  const cut = path.lastIndexOf('/', Math.min(fields.prefix.length, path.length - 2));
  return cut > 0 && path.length - cut - 1 <= fields.name.length ? cut : undefined;
}

interface NameField {
  readonly field: 'linkName' | 'userName' | 'groupName';
  readonly key: string;
  readonly text: string;
}

function putName(block: Buffer, records: Records, { field, key, text }: NameField): void {
  if (!isAscii(text) || text.length > fields[field].length) records.set(key, bytesOfText(text));
  putAscii(block, fields[field], text);
}

/** What readers without PAX see: as much ASCII as fits, and no slash at the end that was not there. */
function putAscii(block: Buffer, { at, length }: { at: number; length: number }, text: string): void {
  const ascii = isAscii(text) ? text : text.replace(/[^\0-\x7f]/g, '');
  const fits = ascii.slice(0, length);
  block.write(text.endsWith('/') && ascii.length <= length ? fits : fits.replace(/\/+$/, ''), at, 'latin1');
}

function putNumbers(block: Buffer, records: Records, header: TarHeader): void {
  const { mtimeSeconds: seconds, mtimeNanoseconds: nanoseconds } = header;
  const put = (name: 'mode' | 'uid' | 'gid' | 'size' | 'mtime', value: number, pax?: string): void => {
    const digits = formatOctal(value, fields[name].length);
    block.write(digits ?? '0'.repeat(fields[name].length - 1), fields[name].at, 'latin1');
    if (digits === undefined || pax !== undefined) records.set(name, Buffer.from(pax ?? String(value)));
  };
  checkNumbers(header);
  put('mode', header.mode & 0o7777);
  put('uid', header.uid);
  put('gid', header.gid);
  put('size', header.type === 'file' ? header.sizeBytes : 0);
  put('mtime', seconds, nanoseconds === 0 ? undefined : formatInstant({ seconds, nanoseconds }));
}

function checkNumbers(header: TarHeader): void {
  const { uid, gid, sizeBytes, mtimeSeconds, mtimeNanoseconds } = header;
  const whole = [uid, gid, sizeBytes, mtimeNanoseconds].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (whole && Number.isSafeInteger(mtimeSeconds) && mtimeNanoseconds < 1e9) return;
  throw impossible(header, 'has an owner, size or time that is no whole number');
}

function putDevice(block: Buffer, header: TarHeader): void {
  const isDevice = header.type === 'character-device' || header.type === 'block-device';
  if (isDevice !== (header.device !== undefined)) throw impossible(header, 'is a device without numbers, or none with');
  const { major, minor } = header.device ?? { major: 0, minor: 0 };
  for (const [field, value] of [[fields.deviceMajor, major] as const, [fields.deviceMinor, minor] as const]) {
    const digits = formatOctal(value, field.length);
    if (digits === undefined) throw impossible(header, `has a device number beyond the format: ${value}`);
    block.write(digits, field.at, 'latin1');
  }
}

function putXattrs(records: Records, header: TarHeader): void {
  let size = 0;
  for (const [name, value] of header.xattrs) {
    if (name === '' || /[=\0]/.test(name)) throw impossible(header, `has an xattr of a name that PAX cannot hold`);
    size += name.length + value.length;
    records.set(`SCHILY.xattr.${name}`, value);
  }
  if (size > maxMetadataBytes / 2) throw impossible(header, `has ${size} bytes of xattrs`);
}

function putEnd(block: Buffer, typeFlag: string): void {
  block.write(typeFlag, fields.typeFlag.at, 'latin1');
  block.write('ustar\x0000', fields.magic.at, 'latin1');
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, fields.checksum.at, 'latin1');
}

/** Named as Go does, so without a process id: the same path gives the same name. */
function encodePax(records: Records, path: string): Buffer {
  const data = formatPax(records);
  const block = Buffer.alloc(blockSize);
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const base = parts.pop() ?? '';
  putAscii(block, fields.name, [...parts, 'PaxHeaders.0', base].join('/'));
  for (const name of ['mode', 'uid', 'gid', 'mtime'] as const) {
    block.write('0'.repeat(fields[name].length - 1), fields[name].at, 'latin1');
  }
  block.write(formatOctal(data.length, fields.size.length) ?? '', fields.size.at, 'latin1');
  putEnd(block, 'x');
  return Buffer.concat([block, data, Buffer.alloc(paddingOf(data.length))]);
}
