import { attempt } from '../attempt.ts';
import { Refusal } from '../refusal.ts';
import { inProtocol, NO_LIST, OK, type Reply } from '../reply.ts';
import { type Call, type Connection, type Ended, inDatabase, type Outcome, type State } from '../state.ts';
import { raw } from '../words.ts';

/** MULTI: what follows is queued. */
export function multi({ connection }: Call): Outcome {
  if (connection.transaction !== undefined) throw new Refusal('ERR MULTI calls can not be nested');
  connection.transaction = { queued: [], isBroken: false };
  return OK;
}

/** EXEC: what was queued is carried out, whatever becomes of each of it; nothing of it where a command could not be queued or a watched key has changed. */
export function exec(call: Call): Outcome {
  const { connection, state } = call;
  const { transaction, watch: before } = connection;
  if (transaction === undefined) throw new Refusal('ERR EXEC without MULTI');
  endTransaction(state, connection);
  if (transaction.isBroken) throw new Refusal('EXECABORT Transaction discarded because of previous errors.');
  if (before?.isStale === true) return NO_LIST;
  const ended: Ended[] = [];
  const items = transaction.queued.map(({ args, run }) => {
    const outcome = attempt(run, { ...call, args, keys: state.databases[connection.database] ?? call.keys });
    if (outcome.type === 'ends') ended.push(...outcome.ended);
    return inProtocol(replyOf(outcome), connection.protocol);
  });
  return { type: 'executed', items, ended };
}

/** DISCARD: nothing of it is. */
export function discard({ connection, state }: Call): Outcome {
  if (connection.transaction === undefined) throw new Refusal('ERR DISCARD without MULTI');
  endTransaction(state, connection);
  return OK;
}

/** WATCH: the next transaction is carried out if nobody changes these keys before. */
export function watch({ args, connection, state }: Call): Outcome {
  if (connection.transaction !== undefined) throw new Refusal('ERR WATCH inside MULTI is not allowed');
  connection.watch ??= { keys: new Set(), isStale: false };
  for (const key of args.slice(1)) connection.watch.keys.add(inDatabase(connection.database, raw(key)));
  state.watching.add(connection);
  return OK;
}

/** UNWATCH: they may change. */
export function unwatch({ connection, state }: Call): Outcome {
  watchNothing(state, connection);
  return OK;
}

/** Lets go of what was queued and is watched. */
export function endTransaction(state: State, connection: Connection): void {
  connection.transaction = undefined;
  watchNothing(state, connection);
}

function watchNothing(state: State, connection: Connection): void {
  connection.watch = undefined;
  state.watching.delete(connection);
}

/** What stands in the list of replies: a read that would have to wait does not. */
function replyOf(outcome: Outcome): Reply {
  switch (outcome.type) {
    case 'blocked':
      return NO_LIST;
    case 'ends':
      return outcome.reply;
    case 'executed':
    case 'quit':
    case 'postponed':
      throw new TypeError(`what is queued is never ${outcome.type}`);
    default:
      return outcome;
  }
}
