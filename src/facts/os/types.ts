import type { ImagePath } from '../../kit/index.ts';

/** What of an operating system is in a tree, and by what signs. */
export interface OsFacts {
  /** Whether a shell or a package manager of the tree would run. */
  readonly present: boolean;
  /** os-release's ID and VERSION_ID: `debian 12`; where it has none, by other signs: `busybox`; undefined for none. */
  readonly distro: string | undefined;
  /** PRETTY_NAME, where it stands. */
  readonly name: string | undefined;
  /** `glibc 2.36`, `musl 1.2.3`, `uclibc`, read from the libc itself; of several the one of the tree's platform. */
  readonly libc: string | undefined;
  /** The first shell that would run: `/bin/sh`. */
  readonly shell: ImagePath | undefined;
  /** All of them, by their names. */
  readonly shells: readonly ImagePath[];
  /** The first package manager that would run: `apt`, `apk`, `dpkg`, `rpm`, `dnf`, `opkg`, … */
  readonly packageManager: string | undefined;
  /** Installed packages by the database; undefined where there is none that can be read. */
  readonly packageCount: number | undefined;
  /** `/sbin/init` and its kind: `systemd`, `openrc`, `busybox`, `s6`; undefined for none. */
  readonly init: string | undefined;
  /** `busybox`, `toybox`, `coreutils`, `uutils`: who gives the everyday commands; undefined for nobody. */
  readonly commands: string | undefined;
  /** Sentences: `/etc/os-release names Debian GNU/Linux 12`, `dpkg's database lists 88 packages`. */
  readonly signs: readonly string[];
}

/** Whether a program works without the operating system around it: shells, everyday commands, a package manager. */
export interface NeedsOs {
  /** `unknown`: it does not start, or what it does cannot be judged. */
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Sentences, at least one. */
  readonly because: readonly string[];
}
