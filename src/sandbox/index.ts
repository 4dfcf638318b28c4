/**
 * sandbox: runs a program over a directory of files, confined as docker would confine it.
 * It knows nothing of places and stores, keeps nothing of what a program wrote, and decides nothing about its command.
 */
export { type Captured, type CaptureOptions, capture } from './capture.ts';
export { type Container, plainContainer } from './container.ts';
export { boundingCapabilities, hostFacts } from './host.ts';
export { containerId, hostName } from './id.ts';
export type { Outcome, StartFailure } from './outcome.ts';
export { type RootOptions, removeUnusedRoots, rootOf } from './roots.ts';
export { type RunOptions, run } from './run.ts';
export type { SandboxOptions, Subject } from './session.ts';
export { relaySignals, type SignalRelay } from './signals.ts';
export { type NamespaceOptions, needsUserNamespace, runInUserNamespace } from './user-namespace.ts';
