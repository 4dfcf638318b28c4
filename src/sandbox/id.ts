import { randomBytes } from 'node:crypto';

/** A name for one run: 12 hexadecimal digits, as docker shortens its own. */
export const containerId = (): string => randomBytes(6).toString('hex');
