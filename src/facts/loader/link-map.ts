import type { ImagePath } from '../../kit/index.ts';
import type { LoadedObject } from './answer.ts';

/** An object in the process with what the loader keeps of it. */
export interface Mapped {
  readonly object: LoadedObject;
  readonly identity: string;
  /** What `$ORIGIN` stands for; undefined where the loader refuses to say. */
  readonly origin: string | undefined;
  /** Whose DT_NEEDED, first, brought it: DT_RPATH is inherited along this chain. */
  readonly loader: Mapped | undefined;
  /** Names that stand for it without any search. */
  readonly names: Set<string>;
}

/** The objects of a process in load order. The loader itself is there from the start, and listed when it is wanted. */
export class LinkMap {
  readonly listed: Mapped[];
  readonly interpreter: Mapped | undefined;

  constructor(listed: readonly Mapped[], interpreter: Mapped | undefined) {
    this.listed = [...listed];
    this.interpreter = interpreter;
  }

  /** The one that answers to a name, by `matches`. */
  find(matches: (mapped: Mapped) => boolean): Mapped | undefined {
    if (this.interpreter !== undefined && matches(this.interpreter)) return this.interpreter;
    return this.listed.find(matches);
  }

  has(mapped: Mapped): boolean {
    return this.listed.includes(mapped);
  }

  add(mapped: Mapped): void {
    this.listed.push(mapped);
  }

  /** Places `mapped` before `other` in the order, but never before the program. */
  moveBefore(mapped: Mapped, other: Mapped): void {
    const old = this.listed.indexOf(mapped);
    if (old > 0) this.listed.splice(old, 1);
    this.listed.splice(Math.max(this.listed.indexOf(other), 1), 0, mapped);
  }

  withPath(path: ImagePath): Mapped | undefined {
    return this.find(({ object }) => object.path === path);
  }

  copy(): LinkMap {
    const names = (mapped: Mapped): Mapped => ({ ...mapped, names: new Set(mapped.names) });
    return new LinkMap(
      this.listed.map((mapped) => (mapped === this.interpreter ? mapped : names(mapped))),
      this.interpreter,
    );
  }
}
