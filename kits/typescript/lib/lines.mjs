// Messages as lines, and a stdout that nothing else is written to.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A line that is no request; `code` and `id` are those of the JSON-RPC error that answers it. */
export class BadLine extends Error {
  /**
   * @param {number} code
   * @param {string} message
   * @param {unknown} [id]
   */
  constructor(code, message, id = null) {
    super(message);
    this.code = code;
    this.id = id;
  }
}

/**
 * Writes to stdout for messages alone; whatever else prints, prints to stderr from now on.
 *
 * @returns {(text: string) => void}
 */
export function takeStdout() {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = /** @type {typeof stdout.write} */ (stderr.write.bind(stderr));
  // The runner is gone: nothing is left to tell to anyone.
  stdout.on('error', () => process.exit(0));
  return (text) => void write(text);
}

/**
 * Id (undefined of a notification), method and params of a line. Throws `BadLine`.
 *
 * @param {Uint8Array} line
 * @returns {{ id: unknown, method: string, params: Record<string, any> }}
 */
export function readRequest(line) {
  /** @type {any} */
  let message;
  try {
    message = JSON.parse(strict.decode(line));
  } catch {
    throw new BadLine(-32700, 'the line is no JSON in UTF-8');
  }
  const isObject = isRecord(message);
  if (!isObject || typeof message.method !== 'string') {
    throw new BadLine(-32600, 'the line is no request: it has no method', isObject ? message.id : null);
  }
  const { id, method, params = {} } = message;
  if (!isRecord(params)) throw new BadLine(-32602, 'params must be an object', id);
  return { id, method, params };
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Hands on each line of a stream of bytes, without its end; only a newline ends one (`readline` takes U+2028 for one, too).
 *
 * @param {NodeJS.ReadableStream} stream
 * @param {(line: Buffer) => void} take
 */
export function eachLine(stream, take) {
  /** @type {Buffer[]} */
  let rest = [];
  stream.on('data', (/** @type {Buffer} */ chunk) => {
    let from = 0;
    for (let to = chunk.indexOf(10); to !== -1; to = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, to)]);
      rest = [];
      from = to + 1;
      take(line);
    }
    rest.push(chunk.subarray(from));
  });
}
