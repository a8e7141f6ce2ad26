import type { Verdict } from '../../results/result.ts';

/** A way in which testing/hostile.mjs misbehaves in its guilty case, and what is to come of it. */
export interface HostileKind {
  readonly kind: string;
  /** Read after "a run whose adapter". */
  readonly what: string;
  readonly role?: 'client' | 'server';
  /** Of the guilty case; every other one keeps its own. */
  readonly verdict: Verdict;
  /** What is told of the guilty case. */
  readonly words: string;
  /** Whether the run is over before it goes wrong is up to chance. */
  readonly mayPass?: true;
  /** Index of the step that is named. */
  readonly step?: number;
  readonly warning?: RegExp;
}

/** Kinds that show while cases are run. */
export const kinds: HostileKind[] = [
  {
    kind: 'crash',
    what: 'crashes in a case',
    verdict: 'fail',
    step: 0,
    words: 'during invoke (exit code 3); its last words: segmentation fault',
  },
  {
    kind: 'exit-0',
    what: 'exits with 0 in a case',
    verdict: 'fail',
    step: 0,
    words: 'during invoke (exit code 0); its last words: that was all',
  },
  { kind: 'crash-later', what: 'crashes after a case is over', verdict: 'fail', words: 'exit code 5', mayPass: true },
  {
    kind: 'crash-at-disconnect',
    what: 'crashes as a case leaves',
    verdict: 'fail',
    words: 'during disconnect (exit code 6); its last words: double free',
  },
  {
    kind: 'hang',
    what: 'hangs in one call',
    verdict: 'error',
    step: 0,
    words: 'no answer to invoke within 1000 ms; its last words: waiting for a lock',
  },
  { kind: 'hang-at-disconnect', what: 'hangs as a case leaves', verdict: 'error', words: 'no answer to disconnect within 1000 ms' },
  { kind: 'deaf', what: 'never ends after shutdown and ignores SIGTERM', verdict: 'pass', words: '' },
  {
    kind: 'garbage',
    what: 'prints garbage',
    verdict: 'error',
    step: 0,
    words: 'is not JSON; only JSON-RPC messages may go to stdout, free text belongs on stderr: DEBUG connecting',
  },
  {
    kind: 'half-line',
    what: 'prints half a line',
    verdict: 'error',
    step: 0,
    words: 'the output ended inside a line: {"jsonrpc":"2.0","meth',
  },
  { kind: 'invalid-utf8', what: 'prints invalid UTF-8', verdict: 'error', step: 0, words: 'the line is not valid UTF-8' },
  { kind: 'no-newline', what: 'prints 100 MB without a newline', verdict: 'error', step: 0, words: 'a line longer than 33554432 bytes' },
  {
    kind: 'wrong-id',
    what: 'answers with a wrong id',
    verdict: 'error',
    step: 0,
    words: 'an answer to request 4711, which was never made',
  },
  { kind: 'answer-twice', what: 'answers twice', verdict: 'error', words: 'a second answer to request' },
  {
    kind: 'foreign-message',
    what: 'tells of a call that was never made',
    verdict: 'error',
    words: 'message for a call that was never made',
  },
  { kind: 'flood-messages', what: 'floods messages', verdict: 'error', step: 0, words: 'more than 20000 notifications' },
  { kind: 'flood-logs', what: 'floods logs', verdict: 'error', step: 0, words: 'more than 67108864 bytes of notifications' },
  { kind: 'flood-garbage', what: 'floods garbage', verdict: 'error', step: 0, words: 'is not JSON' },
  { kind: 'flood-stderr', what: 'floods stderr', verdict: 'error', step: 0, words: 'no answer to invoke within' },
  { kind: 'close-stdin', what: 'closes stdin', verdict: 'error', words: 'it closed its stdin and goes on running' },
  { kind: 'close-stdout', what: 'closes stdout', verdict: 'error', step: 0, words: 'it closed its stdout and goes on running' },
  { kind: 'grandchild', what: 'dies and leaves a child that holds its pipes', verdict: 'fail', step: 0, words: 'exit code 4' },
  { kind: 'refuse', what: 'lacks what it declares', verdict: 'fail', step: 0, words: 'invoke was refused: the library cannot invoke' },
  {
    kind: 'crash',
    role: 'server',
    what: 'crashes in serve',
    verdict: 'fail',
    words: 'during serve (exit code 3); its last words: segmentation fault',
  },
  {
    kind: 'crash-at-stop',
    role: 'server',
    what: 'crashes in stop',
    verdict: 'fail',
    words: 'during stop (exit code 6); its last words: double free',
  },
  {
    kind: 'hang',
    role: 'server',
    what: 'hangs in serve',
    verdict: 'error',
    words: 'no answer to serve within 1000 ms; its last words: waiting for a lock',
  },
  {
    kind: 'bind-nothing',
    role: 'server',
    what: 'serves where nothing listens',
    verdict: 'error',
    words: 'nothing listens at ws://127.0.0.1:1 (ECONNREFUSED)',
  },
  {
    kind: 'elsewhere',
    role: 'server',
    what: 'serves on another machine',
    verdict: 'error',
    words: 'is not on the loopback of this machine, and was not dialled; --allow-remote allows others',
  },
  {
    kind: 'no-address',
    role: 'server',
    what: 'serves at no address',
    verdict: 'error',
    words: 'must be a ws:// URL, not "localhost, I think"',
  },
  {
    kind: 'lie-about-concurrency',
    what: 'lies about its concurrency',
    verdict: 'pass',
    words: '',
    warning: /failed beside others in one adapter process, and passed in one of their own .*can run 32 side by side/,
  },
];

/** Kinds that never come up. */
export const startKinds: Pick<HostileKind, 'kind' | 'what' | 'words'>[] = [
  {
    kind: 'crash-at-start',
    what: 'crashes at its start',
    words: 'ended during initialize (exit code 7): no module named river',
  },
  {
    kind: 'exit-0-at-start',
    what: 'exits with 0 at its start',
    words: 'ended during initialize (exit code 0); its last words: usage: adapter [options]',
  },
  { kind: 'hang-at-start', what: 'hangs before initialize', words: 'no answer to initialize within 1000 ms' },
  { kind: 'banner', what: 'prints a banner', words: 'free text belongs on stderr: Welcome to the adapter!' },
];

/** Attacks of testing/wire-attacks.mjs on the wire, and the binding under which they are one. The guilty case fails; no other notices. */
export const wireKinds: readonly { readonly kind: string; readonly what: string; readonly binding: string; readonly role?: 'server' }[] = [
  { kind: 'deep-msgpack', what: 'sends 20 MiB of lists in lists', binding: 'msgpack' },
  { kind: 'wide-json', what: 'sends twenty million zeros', binding: 'json' },
  { kind: 'bigint-json', what: 'sends an integer of three million digits', binding: 'json' },
  { kind: 'pings', what: 'floods with pings', binding: 'json' },
  { kind: 'small-frames', what: 'floods with small frames', binding: 'json' },
  { kind: 'fragments', what: 'floods with fragments', binding: 'json' },
  { kind: 'connections', what: 'floods with connections', binding: 'json' },
  { kind: 'server-pings', what: 'serves a flood of pings', binding: 'json', role: 'server' },
  { kind: 'server-small-frames', what: 'serves a flood of small frames', binding: 'json', role: 'server' },
  { kind: 'server-fragments', what: 'serves a flood of fragments', binding: 'json', role: 'server' },
  { kind: 'server-deep-json', what: 'serves 20 MiB of lists in lists', binding: 'json', role: 'server' },
  { kind: 'server-wide-msgpack', what: 'serves twenty million empty lists', binding: 'msgpack', role: 'server' },
];
