import type { Past } from '../../common/invariant.ts';
import { show } from '../../common/show.ts';
import { isPlainObject } from '../../common/value.ts';
import { methodOf } from '../envelope.ts';
import type { Happening } from '../happening.ts';
import { type Given, startGiven } from './given.ts';
import { ledgerInvariant } from './ledger-invariant.ts';
import { startSaidAgain } from './said-again.ts';

/** What the codes of errors mean: those of JSON-RPC keep their meaning; for an entry that is no request, where it is answered at all, there are two. */
export const codes = ledgerInvariant('clamator/codes', ['CLAMATOR-ERR-10', 'CLAMATOR-ERR-12'], (_facts, check) => {
  const saidAgain = startSaidAgain();
  const given = startGiven();
  function judge(happening: Happening): void {
    const isSaidAgain = saidAgain.observe(happening);
    given.observe(happening);
    const { by, command, n } = happening.asked;
    if (happening.kind !== 'asked' || isSaidAgain || by.role !== 'server') return;
    if (command.name === 'XACK') for (const id of command.ids ?? []) given.acknowledged(by, command.key, id);
    if (command.name !== 'XADD') return;
    const { key = '', entry } = command;
    if (entry?.envelope === undefined) return;
    const { value } = entry.envelope;
    const request = given.replied(by, key, value);
    const error = isPlainObject(value) ? value['error'] : undefined;
    const code = isPlainObject(error) ? error['code'] : undefined;
    if (!isPlainObject(value) || typeof code !== 'number') return;
    const at = request === undefined ? [n] : [n, request.n];
    check(
      !isReserved(code) && (request === undefined || mayMean(code, request)),
      'CLAMATOR-ERR-12',
      'server',
      () => `the code ${code} for ${show(request?.entry.envelope?.value)}, which it does not mean`,
      at,
    );
    if (request === undefined ? value['id'] !== null : request.entry.envelope?.kind === 'request') return;
    check(
      code === -32600 || code === -32700 || (code === -32601 && request !== undefined),
      'CLAMATOR-ERR-10',
      'server',
      () => `the code ${code} for an entry that is no request; it is -32600, or -32700 where it is no JSON`,
      at,
    );
  }

  const forget = (past: Past): void => {
    for (const each of [saidAgain, given]) each.forget(past);
  };
  return { judge, see: saidAgain.see, forget };
});

/** Codes that JSON-RPC keeps for itself: those that it gives a meaning are five, and -32000 to -32099 are for applications. */
function isReserved(code: number): boolean {
  return code >= -32768 && code < -32099 && ![-32700, -32600, -32601, -32602, -32603].includes(code);
}

/** Whether a code may be the answer to that entry: what is read as a request is no broken JSON, and an invalid one only to another service. */
function mayMean(code: number, { entry, stream }: Given): boolean {
  if (entry.envelope?.kind !== 'request') return true;
  if (code === -32700) return false;
  const method = isPlainObject(entry.envelope.value) ? methodOf(entry.envelope.value['method']) : undefined;
  return code !== -32600 || !stream.endsWith(`:cmds:${method?.service}`);
}
