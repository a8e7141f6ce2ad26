import type { ConnectParams, InvokeParams, PeerEvents } from '../../protocols/common/control.ts';
import type { Dial, Environment } from '../../protocols/common/environment.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import type { ProcedureKind, RiverMessage } from '../../protocols/river/message.ts';
import { type Behaviour, conformingBehaviour } from './behaviour.ts';
import { Call, type CallSink } from './call.ts';
import { ScriptedConnections } from './scripted-connections.ts';
import { type ClientSettings, readSettings } from './settings.ts';
import { ClientTransport } from './transport.ts';

const procedureKinds: readonly ProcedureKind[] = ['rpc', 'stream', 'upload', 'subscription'];

/** One client: a transport and the calls on its session. */
export class RiverClient {
  readonly settings: ClientSettings;
  readonly behaviour: Behaviour = conformingBehaviour();
  readonly transport: ClientTransport;
  readonly scripted: ScriptedConnections;
  readonly #calls = new Map<string, Call>();

  constructor(environment: Environment, dial: Dial, events: PeerEvents, params: ConnectParams) {
    this.settings = readSettings(params);
    this.transport = new ClientTransport({
      environment,
      dial,
      settings: this.settings,
      behaviour: this.behaviour,
      listener: {
        status: (status, detail) => {
          if (status === 'connected') this.scripted.connected();
          events.status({ instance: params.client, status, ...(detail === undefined ? {} : { detail }) });
        },
        message: (message) => this.#route(message),
        sessionDestroyed: () => this.#endCalls(),
      },
    });
    this.scripted = new ScriptedConnections(this.transport, dial, this.settings.codec);
    if (params.eager) this.transport.connect();
  }

  /** Starts a call; it dials by itself where no session exists (RIVER-RETRY-08). Throws an Error on an unknown kind. */
  invoke(params: InvokeParams, sink: CallSink): Call {
    const kind = procedureKinds.find((known) => known === params.kind);
    if (kind === undefined) throw new Error(`unknown procedure kind "${params.kind}": expected one of ${procedureKinds.join(', ')}`);
    const streamId = this.transport.stationery.newId();
    if (this.transport.isClosed) {
      const dead = new Call(streamId, kind, sink, () => {});
      dead.disconnected('transport is closed');
      return dead;
    }
    const idle = this.transport.keeper.current === undefined || (this.scripted.isAdrift && this.behaviour.reconnect === 'on');
    const session = this.transport.keeper.ensure();
    if (idle && this.settings.connectOnInvoke) this.transport.resume();
    const call = new Call(streamId, kind, sink, (parts) => {
      this.transport.send(session, parts);
      if (call.isOver) this.#calls.delete(streamId);
    });
    this.#calls.set(streamId, call);
    call.open({
      serviceName: params.service ?? '',
      procedureName: params.procedure ?? '',
      init: fromTagged(params.value),
      tracing: this.settings.tracing,
    });
    return call;
  }

  /** Ends the client for good; its pending calls are told. */
  close(): void {
    this.scripted.close();
    this.transport.close();
  }

  /** Hands a message to the call that waits for it; others are discarded (RIVER-STREAM-07). */
  #route(message: RiverMessage): void {
    const call = this.#calls.get(message.streamId);
    if (call === undefined) return;
    call.receive(message);
    if (call.isOver) this.#calls.delete(message.streamId);
  }

  #endCalls(): void {
    this.scripted.sessionDestroyed();
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.disconnected(`${this.settings.serverId} unexpectedly disconnected`);
  }
}
