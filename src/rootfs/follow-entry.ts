import { Fault, type ImagePath } from '../kit/index.ts';
import { type Entry, makeEntry } from './memory.ts';
import { impliedDirectory } from './node.ts';

/** As many as containerd follows, more than the kernel does. */
const mostLinks = 255;
/** Bounds what an image can make us do by links to links with long targets. */
const mostSteps = 20_000_000;
const mostImplied = 100_000;
/** Node cannot remove a tree that is some thousand directories deep, and each call on such a path takes its time. */
const mostDeep = 255;

/**
 * Finds the directories that names in layers lead through. As containerd does, and docker by unpacking in a chroot:
 * symlinks of the image on the way are followed inside it, and directories that are missing are made.
 */
export class DirectoryFinder {
  readonly #root: Entry;
  #steps = 0;
  #implied = 0;

  constructor(root: Entry) {
    this.#root = root;
  }

  /**
   * The directories from the root down to the one that `path` leads to; undefined when one is missing and `make`
   * is false.
   * @throws {Fault} LAYER_MALFORMED when the way leads through something else or in circles.
   */
  find(path: ImagePath, make: boolean): Entry[] | undefined {
    const way = [this.#root];
    const waiting = namesOf(path);
    let links = 0;
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (name === '.') continue;
      if (name === '..') {
        if (way.length > 1) way.pop();
        continue;
      }
      const next = this.#child(way, name, make);
      if (next === undefined) return undefined;
      if (next.node.kind === 'symlink') {
        if (++links > mostLinks) throw malformed(path, 'it leads through symlinks in circles');
        this.#follow(next.node.linkTarget, way, waiting);
      } else if (next.children === undefined) {
        throw malformed(path, 'something that is no directory stands on the way to it');
      } else {
        way.push(next);
        if (way.length > mostDeep) throw malformed(path, `it lies more than ${mostDeep} directories deep`);
      }
    }
    return way;
  }

  #child(way: readonly Entry[], name: string, make: boolean): Entry | undefined {
    const siblings = way.at(-1)?.children;
    const found = siblings?.get(name);
    if (found !== undefined || !make) return found;
    if (++this.#implied > mostImplied) {
      throw new Fault('TOO_LARGE', `an image implies more than ${mostImplied} directories that it does not have`, {
        hint: 'Do not use this image: it was made to exhaust whoever unpacks it.',
      });
    }
    const made = makeEntry(impliedDirectory);
    siblings?.set(name, made);
    return made;
  }

  #follow(target: string, way: Entry[], waiting: string[]): void {
    if (target.startsWith('/')) way.length = 1;
    const names = namesOf(target);
    this.#steps += names.length;
    if (this.#steps > mostSteps) {
      throw new Fault('TOO_LARGE', 'the names in an image lead through too many symlinks', {
        hint: 'Do not use this image: it was made to exhaust whoever unpacks it.',
      });
    }
    waiting.push(...names);
  }
}

/** The components, last first. */
const namesOf = (path: string): string[] =>
  path
    .split('/')
    .filter((name) => name !== '')
    .reverse();

const malformed = (path: ImagePath, why: string): Fault =>
  new Fault('LAYER_MALFORMED', `${path} cannot be unpacked: ${why}`, {
    hint: 'Build the image again; no engine can unpack this layer.',
    about: { path },
  });
