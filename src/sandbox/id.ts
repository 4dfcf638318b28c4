import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name for one run: 12 hexadecimal digits, as docker shortens its own. */
export const containerId = (): string => randomBytes(6).toString('hex');

/** What this machine calls itself, and containers that share its network. */
export const hostName = (): string => hostname();
