/** Some of a row of bytes: from the first, up to and without the second. */
export type ByteRange = readonly [from: number, to: number];
