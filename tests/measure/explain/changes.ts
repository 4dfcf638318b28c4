import type { Change, Content } from './case.ts';
import type { Attributes } from './root.ts';

/** A file; mode 0755 where nothing else is said. */
export const put =
  (path: string, content: Content, attributes?: Attributes): Change =>
  (root) =>
    root.write(path, content, attributes);

export const link =
  (path: string, target: string): Change =>
  (root) =>
    root.link(path, target);

export const hardLink =
  (path: string, to: string): Change =>
  (root) =>
    root.hardLink(path, to);

export const remove =
  (...paths: readonly string[]): Change =>
  (root) => {
    for (const path of paths) root.remove(path);
  };

export const folder =
  (path: string, attributes?: Attributes): Change =>
  (root) =>
    root.directory(path, attributes);

export const set =
  (path: string, attributes: Attributes): Change =>
  (root) =>
    root.change(path, attributes);

export const node =
  (path: string, ...kind: readonly string[]): Change =>
  (root) =>
    root.node(path, ...kind);

export const capability =
  (path: string, text: string): Change =>
  (root) =>
    root.capability(path, text);

/** Moves a file to another name. */
export const move =
  (from: string, to: string): Change =>
  async (root) => {
    const bytes = root.read(from);
    root.remove(from);
    await root.write(to, bytes);
  };
