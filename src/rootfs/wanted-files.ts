import { baseName, type ImagePath } from '../kit/index.ts';

const kib = 1024;
const mib = 1024 * 1024;

/** What of a file is kept whole up to which size, by its path; the first that fits counts. */
const kinds: readonly (readonly [pattern: RegExp, mostBytes: number])[] = [
  [/\/(ld[-.0-9][^/]*\.so[^/]*|ld-musl-[^/]*|libc\.so\.6|libc-2\.[^/]*\.so|libc\.musl-[^/]*)$/, 16 * mib],
  [/^\/(usr\/)?lib\/(os-release|apk\/db\/installed)$/, 32 * mib],
  [
    /^\/var\/lib\/(dpkg\/(status|status\.d\/[^/]+|diversions|arch)|rpm\/(rpmdb\.sqlite(-wal)?|Packages(\.db)?)|pacman\/local\/[^/]+\/desc)$/,
    64 * mib,
  ],
  [/^\/usr\/(lib\/sysimage\/rpm|share\/rpm)\/(rpmdb\.sqlite(-wal)?|Packages(\.db)?)$/, 64 * mib],
  [/^\/(usr\/)?(lib|lib64|lib\/[^/]+)\/opkg\/status$/, 16 * mib],
  [/^\/etc\//, mib],
  [/\/(pyvenv\.cfg|release|jvm\.cfg|[^/]+\.runtimeconfig\.json|[^/]+\.deps\.json|gconv-modules|[^/]+\.pth)$/, mib],
  [
    /\/(package\.json|composer\.json|requirements\.txt|Gemfile|Procfile|\.env|go\.mod|[^/]+\.conf|[^/]+\.cnf)$/,
    64 * kib,
  ],
  [/\/(s?bin|local|app|opt|srv)\/[^/]*\.(sh|bash|py|js|cjs|mjs|ts|rb|pl|php)$/, 256 * kib],
];

/** What stands before programs or interprets them in most images; their strings are looked at. */
const launchers =
  /^(env|sh|ash|bash|dash|ksh|mksh|zsh|busybox|toybox|tini|tini-static|dumb-init|catatonit|gosu|su-exec|setpriv|chpst|s6-[\w-]+|runsv[\w-]*|(python|perl|ruby|php|lua)[\d.]*|php-fpm[\d.]*|java|nginx|httpd|apache2)$/;

const mostLauncherBytes = 16 * mib;
const mostScriptBytes = 256 * kib;
const mostWantedBytes = 512 * mib;
const mostWords = 2000;

/** Decides by name and first bytes which files of an image are kept whole for the questions that come later. */
export class WantedFiles {
  readonly #names: Set<string>;

  /** `names` are those of the programs that the image's configuration names; paths are as good. */
  constructor(names: readonly string[]) {
    this.#names = new Set(names.map(lastPart));
  }

  /** Up to which size the file is kept whole. */
  mostBytes(path: ImagePath, head: Uint8Array): number {
    const name = baseName(path);
    if (this.#names.has(name)) return mostWantedBytes;
    if (launchers.test(name)) return mostLauncherBytes;
    const kind = kinds.find(([pattern]) => pattern.test(path));
    if (kind !== undefined) return kind[1];
    return isScript(head) ? mostScriptBytes : 0;
  }

  /** Who wants a link wants what it leads to, if that has not passed already. */
  noteLink(path: ImagePath, target: string): void {
    const name = baseName(path);
    if (this.#names.has(name) || launchers.test(name)) this.#names.add(lastPart(target));
  }

  /** A wanted script wants what it calls. */
  noteScript(path: ImagePath, content: Uint8Array): void {
    if (!isScript(content) || !this.#names.has(baseName(path))) return;
    const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
    for (const [word] of text.matchAll(/[\w./+-]{2,100}/g)) {
      if (this.#names.size >= mostWords) return;
      this.#names.add(lastPart(word));
    }
  }
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isScript = (head: Uint8Array): boolean => head[0] === 0x23 && head[1] === 0x21;
