/** Ways in which a secret gets into a text. */
export const leaks: readonly { readonly way: string; readonly write: (secret: string) => string | string[] }[];
