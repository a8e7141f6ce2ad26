// Errors of the library, as cases read them.
import { codeToString, connect, protobuf, Say } from './library.mjs';
import { metadataOf } from './metadata.mjs';

const { ConnectError } = connect;
const { fromBinary, toJson } = protobuf;

const unpadded = (bytes) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** A detail as cases see it. */
function detailOf(detail) {
  if (detail.type !== Say.typeName) return { type: detail.type, value: unpadded(detail.value) };
  return { type: detail.type, message: toJson(Say, fromBinary(Say, detail.value)) };
}

/** Tells an error that ended a call. */
export function tell(call, error) {
  const { code, rawMessage, details, metadata } = ConnectError.from(error);
  call.error(codeToString(code), rawMessage, { extras: details.map(detailOf), metadata: metadataOf(metadata) });
}
