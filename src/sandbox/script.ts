/** How the root file system of a run is put together from the `lower` and `upper` of its directory. */
export interface RootScript {
  /** `disk`: changes go to the run's directory; `memory`: to a tmpfs, where the directory lies within `lower` itself. */
  readonly upper: 'disk' | 'memory';
  /** Whether this is a user namespace, where overlayfs keeps its marks in user.* attributes. */
  readonly userNamespace: boolean;
}

/**
 * Shell commands that make `merged`, in a mount namespace of their own and with the run's directory as the
 * working directory. Names in it are relative and fixed, as mount(8) would take a comma or colon for its own.
 * An overlay over a disk comes first, one over memory where the disk cannot hold one (it is an overlay itself),
 * a copy where the kernel refuses overlays. `-n`: mount(8) keeps no notes, which an ordinary user may not write.
 */
export function rootScript({ upper, userNamespace }: RootScript): string {
  const extra = userNamespace ? ',userxattr' : '';
  const overlay = (where: string) =>
    `mount -n -t overlay osless -o lowerdir=lower,upperdir=${where}upper,workdir=${where}work${extra} merged`;
  const memory = ['mount -n -t tmpfs -o mode=700 osless work', 'mkdir work/upper work/work', overlay('work/')].join(
    ' && ',
  );
  const ways = upper === 'memory' ? [memory] : [overlay(''), memory, 'cp -a lower/. merged/'];
  return `${ways.map((way) => `{ ${way}; }`).join(' || ')} || exit 125`;
}

/** What the tools say goes to a file, so that standard error is the program's alone. */
export const keepErrors = 'exec 3>&2 2>>mount.log';

/** What comes before the program is started: from here on errors are its own. */
export const restoreErrors: readonly string[] = ['exec 2>&3', 'exec 3>&-'];

/** One word for sh, whatever it holds. */
export const shellQuote = (text: string): string =>
  /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

export const shellWords = (words: readonly string[]): string => words.map(shellQuote).join(' ');
