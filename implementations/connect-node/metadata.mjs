// Headers and trailers of an application, without those that are HTTP's or Connect's own.
import { connect } from './library.mjs';

const { decodeBinaryHeader, encodeBinaryHeader } = connect;

/** Fields that are HTTP's or Connect's own. */
const RESERVED =
  /^(accept|accept-encoding|accept-post|allow|connect-.*|connection|content-(encoding|length|type)|date|host|keep-alive|te|trailer|transfer-encoding|upgrade|user-agent|vary)$/;

/** What a case says beside a message, as the library takes it. */
export function headersOf(metadata) {
  const headers = new Headers();
  for (const [name, values] of Object.entries(metadata ?? {})) {
    for (const value of values) headers.append(name, typeof value === 'string' ? value : encodeBinaryHeader(value));
  }
  return headers;
}

/** What the library gives beside a message, as a case reads it. */
export function metadataOf(headers) {
  const metadata = {};
  for (const [name, value] of headers) {
    if (RESERVED.test(name)) continue;
    metadata[name] = [name.endsWith('-bin') ? new Uint8Array(decodeBinaryHeader(value)) : value];
  }
  return metadata;
}
