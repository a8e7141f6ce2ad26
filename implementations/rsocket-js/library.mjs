// The library at the version under test, and its forms of requests and errors.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { requestForms } from '../../kits/typescript/rsocket/requests.mjs';
import { codeName, codeNumber } from '../../kits/typescript/rsocket/services.mjs';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(`${folder}/`);
const composite = require('rsocket-composite-metadata');

export const { ErrorCodes, RSocketConnector, RSocketError, RSocketServer } = require('rsocket-core');
export const { TcpClientTransport } = require('rsocket-tcp-client');
export const { TcpServerTransport } = require('rsocket-tcp-server');
export const { WebsocketClientTransport } = require('rsocket-websocket-client');
export const { WebsocketServerTransport } = require('rsocket-websocket-server');
export const WebSocket = require('ws');
export const { version } = JSON.parse(readFileSync(`${folder}/node_modules/rsocket-core/package.json`, 'utf8'));

const { WellKnownMimeType: MIME } = composite;
/** Types of data and metadata where a case names none. */
export const MIMES = { composite: MIME.MESSAGE_RSOCKET_COMPOSITE_METADATA, octets: MIME.APPLICATION_OCTET_STREAM };

export const { requestOf, echoOf, readRequest } = requestForms(composite, { routing: MIME.MESSAGE_RSOCKET_ROUTING, octets: MIMES.octets });

/** An error of an application, as the library sends it. */
export const errorOf = ({ code, message }) => new RSocketError(codeNumber(code, ErrorCodes), message);

/** The code of an error, by its name. The library's errors are no instances of their class. */
export const describe = ({ code }) => (typeof code === 'number' ? codeName(code, ErrorCodes) : 'CLOSED');

/** The option of both ends for the size of a fragment; the library counts no header. */
export const fragmentation = ({ fragmentSize }) =>
  fragmentSize === undefined ? {} : { fragmentation: { maxOutboundFragmentSize: fragmentSize - 6 } };
