import { array, bulk, integer, simple } from '../../../../protocols/carriers/resp/value.ts';
import { Refusal, syntaxError, wrongArity } from '../refusal.ts';
import { fields, NOTHING, OK, type Reply } from '../reply.ts';
import { type Call, DATABASES, type Outcome } from '../state.ts';
import { VERSION } from '../version.ts';
import { int64, integerArg, raw, upper } from '../words.ts';

/** PING: PONG, or what it is given. */
export function ping({ args }: Call): Outcome {
  if (args.length > 2) throw wrongArity('ping');
  return args[1] === undefined ? simple('PONG') : bulk(args[1]);
}

/** ECHO: what it is given. */
export const echo = ({ args }: Call): Outcome => bulk(args[1] ?? new Uint8Array(0));

/** SELECT: another database. */
export function select({ args, connection }: Call): Outcome {
  const index = integerArg(args[1]);
  if (index < 0 || index >= DATABASES) throw new Refusal('ERR DB index is out of range');
  connection.database = index;
  return OK;
}

/** QUIT: the last reply. */
export const quit = (): Outcome => ({ type: 'quit', reply: OK });

/** What browsers say: Redis hangs up. */
export const hangUp = (): Outcome => ({ type: 'quit', reply: undefined });

/** AUTH: this Redis has no passwords, and one user. */
export function auth({ args }: Call): Outcome {
  if (args.length > 3) throw syntaxError();
  if (args.length === 3) {
    checkUser(args[1]);
    return OK;
  }
  throw new Refusal(
    'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
  );
}

/** HELLO: the protocol of what follows, and who answers. */
export function hello({ args, connection, state }: Call): Outcome {
  let protocol = connection.protocol;
  let name: Uint8Array | undefined;
  if (args[1] !== undefined) {
    const version = int64(raw(args[1]));
    if (version === undefined) throw new Refusal('ERR Protocol version is not an integer or out of range');
    if (version !== 2n && version !== 3n) throw new Refusal('NOPROTO unsupported protocol version');
    protocol = version === 2n ? 2 : 3;
  }
  for (let i = 2; i < args.length; i += 1) {
    const word = upper(args[i]);
    const more = args.length - 1 - i;
    if (word === 'AUTH' && more >= 2) {
      checkUser(args[i + 1]);
      i += 2;
    } else if (word === 'SETNAME' && more >= 1) {
      i += 1;
      name = checkedName(args[i]);
    } else throw new Refusal(`ERR Syntax error in HELLO option '${raw(args[i] ?? new Uint8Array(0))}'`);
  }
  connection.protocol = protocol;
  if (name !== undefined) connection.name = name;
  return fields([
    ['server', bulk('redis')],
    ['version', bulk(VERSION)],
    ['proto', integer(protocol)],
    ['id', integer(connection.id)],
    ['mode', bulk('standalone')],
    ['role', bulk(state.master === undefined ? 'master' : 'replica')],
    ['modules', array([])],
  ]);
}

/** CLIENT SETNAME: what it is called from now on. */
export function setName({ args, connection }: Call): Outcome {
  connection.name = checkedName(args[2]);
  return OK;
}

/** CLIENT GETNAME: nothing where it has no name. */
export function getName({ connection }: Call): Reply {
  return connection.name.length === 0 ? NOTHING : bulk(connection.name);
}

/** CLIENT ID: a number of its own. */
export const clientId = ({ connection }: Call): Outcome => integer(connection.id);

/** CLIENT NO-EVICT: changes nothing here. */
export function noEvict({ args }: Call): Outcome {
  const word = upper(args[2]);
  if (word !== 'ON' && word !== 'OFF') throw syntaxError();
  return OK;
}

/** Anybody may come as `default`, who has no password. */
function checkUser(user: Uint8Array | undefined): void {
  if (user === undefined || raw(user) !== 'default') throw new Refusal('WRONGPASS invalid username-password pair or user is disabled.');
}

function checkedName(name: Uint8Array | undefined): Uint8Array {
  if (name === undefined || name.some((byte) => byte < 33 || byte > 126)) {
    throw new Refusal('ERR Client names cannot contain spaces, newlines or special characters.');
  }
  return name;
}
