// The library at the version under test, and its forms of requests and errors.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { requestForms } from '../../kits/typescript/rsocket/requests.mjs';
import { codeName } from '../../kits/typescript/rsocket/services.mjs';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(`${folder}/`);

export const core = require('rsocket-core');
export const { Flowable, Single } = require('rsocket-flowable');
export const { default: TcpClient } = require('rsocket-tcp-client');
export const { default: TcpServer } = require('rsocket-tcp-server');
export const { default: WebSocketClient } = require('rsocket-websocket-client');
export const { default: WebSocketServer } = require('rsocket-websocket-server');
export const WebSocket = require('ws');
export const { version } = JSON.parse(readFileSync(`${folder}/node_modules/rsocket-core/package.json`, 'utf8'));

/** Types of data and metadata where a case names none. */
export const MIMES = { composite: core.MESSAGE_RSOCKET_COMPOSITE_METADATA, octets: core.APPLICATION_OCTET_STREAM };

export const { requestOf, echoOf, readRequest } = requestForms(core, { routing: core.MESSAGE_RSOCKET_ROUTING, octets: MIMES.octets });

/** The code of an error, by its name. */
export function describe({ source, message, name }) {
  if (source !== undefined) return codeName(source.code, core.ERROR_CODES);
  return /lease/i.test(message) ? name : 'CLOSED';
}

/** Its text. */
export const messageOf = ({ source, message }) => source?.message ?? message;
