/** The version of Redis that the model behaves like; the contract test holds it against one of that line. */
export const VERSION = '7.0.15';
