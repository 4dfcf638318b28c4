/**
 * formats/rpm: the packages in an rpm database, in each format that rpm has kept one in.
 * It is given the whole file and writes none.
 */
export { rpmBlobs } from './database.ts';
export { filesOfRpmHeader, parseRpmHeader, type RpmHeader } from './header.ts';
