import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { elf } from '../make/elf.ts';

/** A root file system in `folder` with the static program /usr/bin/hello, which prints `hello` and ends with 7. */
export function makeRoot(folder: string, extra: Readonly<Record<string, string | Uint8Array>> = {}): void {
  const files: Record<string, string | Uint8Array> = {
    '/usr/bin/hello': elf({ prints: 'hello\n', exits: 7 }),
    '/usr/share/doc/hello/copyright': 'free\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    '/etc/group': 'root:x:0:\n',
    ...extra,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (/\/bin\//.test(path)) chmodSync(join(folder, path), 0o755);
  }
  symlinkSync('usr/bin', join(folder, 'bin'));
}
