/** Bytes of a header or of padding. */
export const blockSize = 512;

/** Bytes of one PAX header, GNU long name or sparse map, as in Go's archive/tar. */
export const maxMetadataBytes = 1 << 20;

/** Bytes of a path or a link target: Linux' PATH_MAX, beyond which no program could name the file. */
export const maxPathBytes = 4096;

/** Pieces of one sparse file. */
export const maxSparsePieces = 100_000;

/** Length of a sparse file: the largest that images are known to have, /var/log/lastlog of the last uid, has 1.3e12. */
export const maxSparseBytes = 2 ** 41;

/** Bytes from `size` to the next block. */
export const paddingOf = (size: number): number => (blockSize - (size % blockSize)) % blockSize;
