/**
 * report: results of jobs as text for people. It reads nothing and decides nothing.
 */
export { imagesText } from './images.ts';
export { packText } from './pack.ts';
export { whyText } from './why.ts';
