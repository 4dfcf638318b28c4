/**
 * report: results of jobs as text for people. It reads nothing and decides nothing.
 */
export type { Dockerfile } from './explain/dockerfile-lines.ts';
export { findingsPage, rulesText } from './explain/findings-page.ts';
export { explainGithub } from './explain/github.ts';
export { explainMarkdown } from './explain/markdown.ts';
export { explainSarif } from './explain/sarif.ts';
export { explainText } from './explain/text.ts';
export { imagesText } from './images.ts';
export { lddText } from './ldd.ts';
export type { Looks } from './looks.ts';
export { packText } from './pack.ts';
export { printable } from './printable.ts';
export { whyText } from './why.ts';
