// Ways in which a secret gets into a text; one more is a line.
const hex = (text) => Buffer.from(text).toString('hex');
const pairs = (text) => [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0'));

export const leaks = [
  { way: 'plain', write: (secret) => `it is ${secret}!` },
  { way: 'base64', write: (secret) => Buffer.from(secret).toString('base64') },
  { way: 'base64, one before', write: (secret) => Buffer.from(`:${secret}:`).toString('base64') },
  { way: 'base64, two before', write: (secret) => Buffer.from(`ab${secret}yz`).toString('base64') },
  { way: 'base64url', write: (secret) => Buffer.from(`>>>${secret}`).toString('base64url') },
  { way: 'hex', write: hex },
  { way: 'HEX', write: (secret) => hex(secret).toUpperCase() },
  { way: 'hex in pairs', write: (secret) => `<Buffer ${pairs(secret).join(' ')}>` },
  { way: 'URL', write: (secret) => `/?q=${encodeURIComponent(secret)}&r=1` },
  { way: 'url', write: (secret) => encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()) },
  { way: 'every byte of a URL', write: (secret) => `%${pairs(secret).join('%')}` },
  { way: 'JSON', write: (secret) => JSON.stringify({ secret }) },
  { way: 'JSON in JSON', write: (secret) => JSON.stringify(JSON.stringify({ secret })) },
  {
    way: 'ASCII JSON',
    write: (secret) => JSON.stringify(secret).replaceAll(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  },
  { way: 'numbers', write: (secret) => `[${[...Buffer.from(secret)].join(', ')}]` },
  { way: 'XML', write: (secret) => `<s>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</s>` },
  { way: 'bearer', write: (secret) => `Authorization: Bearer ${secret}` },
  { way: 'two halves', write: (secret) => [`first ${secret.slice(0, secret.length / 2)}`, `${secret.slice(secret.length / 2)} last`] },
  { way: 'two parts', write: (secret) => [`first ${secret.slice(0, -5)}`, `${secret.slice(-5)} last`] },
  { way: 'URL with user', write: (secret) => `cannot reach ws://ann:${encodeURIComponent(secret)}@example.org:80/x` },
];
