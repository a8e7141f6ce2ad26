import { isPlainObject } from '../../protocols/common/value.ts';
import { attemptsOf, faultOf } from './disturb.ts';
import { Draft, type DraftSetting, type Mood, PATIENT_MS } from './draft.ts';
import { hostileSteps } from './hostile.ts';
import type { Model } from './model.ts';
import type { Command, Draw, Hostility, Scenario } from './scenario.ts';
import { settingOf } from './setting.ts';
import type { ProcedureWords, Words } from './words.ts';

/** Steps of a case as its file has them, and what goes with them. */
export interface Unfolded {
  readonly steps: readonly Readonly<Record<string, unknown>>[];
  readonly needs: readonly string[];
  /** Options of the server, where the setting has some. */
  readonly server: Readonly<Record<string, unknown>>;
  /**
   * `calm`: nothing came between the ends and no race is open, so that the wire looks the same in every run. `rough`: something
   * did, that the protocol bridges. `hostile`: nobody says what the application must see; the reference pair shows it.
   */
  readonly mood: Mood;
  /** Connections that there must be, where that is known. */
  readonly connections: number | undefined;
}

/** How long calls that stay open must be quiet at the end, nominal ms. */
const QUIET_MS = 1500;

/** How long what was provoked may take to show, nominal ms. */
const AFTERMATH_MS = 3000;

/** Most clients of a scenario. */
const MOST_CLIENTS = 3;

const PLAIN_DRAW: Draw = { integer: 1, number: 1, count: 1, flag: false, text: 'probe', bytes: { $bytes: '' }, value: 'probe' };

/**
 * Turns a scenario into steps, with what the application must see in them. What makes no sense at its point is left out. At the
 * end the network is healed, every call is read to its end (or must stay open and quiet), and every client answers a probe.
 */
export function unfold(scenario: Scenario, words: Words, setting: DraftSetting): Unfolded {
  const unfolding = new Unfolding(scenario, words, setting);
  for (const command of scenario.commands) unfolding.carryOut(command);
  return unfolding.conclude();
}

class Unfolding {
  readonly #scenario: Scenario;
  readonly #words: Words;
  readonly #draft: Draft;
  readonly #model: Model;
  readonly #setting: Words['settings'][number];
  readonly #clients = new Map<string, 'open' | 'closed'>();
  readonly #disturbed: boolean;
  readonly #deadly: boolean;
  /** Sessions are made to last before anything is disturbed. */
  readonly #settles: boolean;
  #attempts: number;

  constructor(scenario: Scenario, words: Words, setting: DraftSetting) {
    this.#scenario = scenario;
    this.#words = words;
    this.#draft = new Draft(words, setting);
    this.#model = this.#draft.model;
    this.#attempts = words.attempts;
    const { setting: own, disturbed, deadly } = settingOf(scenario, words, setting.has);
    this.#setting = own;
    this.#draft.need(own.needs);
    this.#disturbed = disturbed;
    this.#deadly = deadly && this.#draft.need(words.features.outage);
    this.#clients.set('main', 'open');
    const connect = this.#connectArguments();
    if (Object.keys(connect).length > 0) this.#draft.steps.push({ connect });
    this.#awaitReady();
    this.#settles = words.settles && disturbed;
    if (this.#settles) this.#probe('main');
  }

  carryOut(command: Command): void {
    switch (command.do) {
      case 'invoke':
        this.#invoke(
          this.#words.procedures[command.procedure % this.#words.procedures.length],
          pick(this.#openClients(), command.client),
          command.draw,
        );
        break;
      case 'send': {
        const call = pick(
          this.#model.calls.filter((each) => each.requestsOpen && each.procedure.requests.length > 0),
          command.call,
        );
        if (call === undefined || !this.#draft.mayDraw(command.draw, call.procedure)) break;
        // A call that the server has ended may know of it or not.
        if (call.state !== 'open') break;
        this.#draft.steps.push({ send: { to: call.name, request: this.#model.send(call, command.request, command.draw) } });
        break;
      }
      case 'receive': {
        const call = pick(
          this.#model.calls.filter((each) => each.state !== 'lost' && each.unread.length > 0),
          command.call,
        );
        if (call !== undefined && this.#draft.away === 'no' && this.#draft.mood !== 'hostile') this.#draft.receive(call);
        break;
      }
      case 'credit': {
        const call = pick(
          this.#model.calls.filter((each) => each.credit !== undefined && each.state === 'open'),
          command.call,
        );
        if (call !== undefined) this.#draft.credit(call, command.n);
        break;
      }
      case 'finish': {
        const call = pick(
          this.#model.calls.filter((each) => each.requestsOpen && each.procedure['on-finish'] !== undefined),
          command.call,
        );
        if (call !== undefined) this.#draft.finish(call);
        break;
      }
      case 'cancel': {
        const call = pick(
          // What has no end cannot be abandoned.
          this.#model.calls.filter((each) => each.procedure.told && !this.#model.mayChangeStores(each)),
          command.call,
        );
        if (call !== undefined) this.#draft.cancel(call);
        break;
      }
      case 'connect':
        this.#connect();
        break;
      case 'disconnect': {
        const client = pick([...this.#clients.keys()], command.client);
        if (client !== undefined && this.#clients.size > 1) this.#disconnect(client);
        break;
      }
      case 'pause':
        this.#pause(command.ms);
        break;
      case 'disturb': {
        if (!this.#disturbed) break;
        // What is tied to a later frame would strike the client that comes after an outage, before its session lasts.
        if (this.#settles && this.#deadly) break;
        const cost = attemptsOf(command.disturbance);
        if (cost > this.#attempts) break;
        this.#attempts -= cost;
        this.#draft.roughen();
        if (command.disturbance.word === 'away') this.#draft.away = this.#draft.away === 'no' ? 'yes' : this.#draft.away;
        this.#draft.steps.push({ fault: faultOf(command.disturbance, this.#words) });
        break;
      }
      case 'heal':
        this.#heal();
        break;
      case 'outage':
        if (this.#deadly) this.#outage();
        break;
      case 'tamper':
      case 'interject':
      case 'forge':
        this.#beHostile(command);
        break;
    }
  }

  /** Heals, reads, ends, probes. */
  conclude(): Unfolded {
    this.#heal();
    if (this.#draft.mood === 'hostile') {
      this.#draft.steps.push({ quiet: { for: AFTERMATH_MS, no: this.#words.never } });
      return this.#unfolded();
    }
    for (const call of this.#model.calls) {
      if (this.#scenario.concludes && call.requestsOpen && call.state === 'open' && call.procedure['on-finish'] !== undefined)
        this.#draft.finish(call);
      this.#draft.readAll(call);
      if (call.state === 'open' && this.#scenario.concludes) this.#draft.cancel(call);
      this.#draft.readAll(call);
      this.#draft.end(call);
    }
    for (const [client, state] of this.#clients) if (state === 'open') this.#probe(client);
    // The reference pair may have sent what this client keeps.
    if (this.#model.calls.some(({ unbegun }) => unbegun !== undefined)) this.#draft.roughen();
    if (this.#scenario.watchesHandlers && this.#draft.need(this.#words.features.handlers)) this.#handlers();
    const open = this.#model.calls.filter((call) => call.state === 'open');
    if (open.length > 0) this.#draft.steps.push({ quiet: { for: QUIET_MS, calls: open.map(({ name }) => name) } });
    return this.#unfolded();
  }

  get #countsConnections(): boolean {
    return this.#draft.mood === 'calm' && this.#draft.setting.steady && !this.#words.pools;
  }

  #unfolded(): Unfolded {
    const connections = this.#countsConnections ? this.#clients.size : undefined;
    return { steps: this.#draft.steps, needs: [...this.#draft.needs], server: this.#setting.server, mood: this.#draft.mood, connections };
  }

  #beHostile(hostility: Hostility): void {
    const call =
      hostility.do === 'tamper'
        ? undefined
        : pick(
            this.#model.calls.filter(({ client }) => client === 'main'),
            hostility.call,
          );
    const steps = hostileSteps(hostility, this.#words, this.#draft.setting.underTest, call?.name);
    if (steps.length > 0) this.#draft.mood = 'hostile';
    this.#draft.steps.push(...steps);
  }

  #invoke(procedure: ProcedureWords | undefined, client: string | undefined, draw: Draw): void {
    if (procedure !== undefined && client !== undefined) this.#draft.invoke(procedure, client, draw);
  }

  #connect(): void {
    if (this.#settles && this.#draft.mood !== 'calm') return;
    if (this.#clients.size >= MOST_CLIENTS || !this.#draft.need(this.#words.features.clients)) return;
    const name = `client${this.#clients.size + 1}`;
    this.#clients.set(name, 'open');
    this.#draft.steps.push({ connect: { as: name, ...this.#connectArguments() } });
    this.#awaitReady();
    if (this.#settles) this.#probe(name);
  }

  #disconnect(client: string): void {
    if (this.#clients.get(client) !== 'open' || this.#openClients().length < 2) return;
    this.#clients.set(client, 'closed');
    this.#draft.roughen();
    this.#draft.steps.push({ disconnect: client });
    this.#model.lose((each) => each === client);
  }

  #pause(ms: number): void {
    if (this.#draft.away === 'paused') return;
    const bounded = this.#draft.away === 'yes' ? Math.min(ms, this.#words['away-ms']) : ms;
    if (this.#draft.away === 'yes') this.#draft.away = 'paused';
    const closes = this.#countsConnections ? { 'no-close': true } : {};
    this.#draft.steps.push({ quiet: { for: bounded, no: this.#words.never, ...closes } });
  }

  #heal(): void {
    if (this.#draft.away !== 'no') this.#draft.steps.push({ fault: 'restore' });
    this.#draft.away = 'no';
  }

  #outage(): void {
    this.#draft.roughen();
    this.#draft.steps.push({ fault: 'cut' }, { quiet: { for: this.#words.outage.ms, no: this.#words.never } }, { fault: 'restore' });
    this.#draft.away = 'no';
    this.#model.lose(() => true);
    if (this.#words.outage.reconnects) return;
    for (const client of this.#openClients()) this.#clients.set(client, 'closed');
    const name = `client${this.#clients.size + 1}`;
    this.#clients.set(name, 'open');
    this.#draft.steps.push({ connect: { as: name, ...this.#connectArguments() } });
    this.#awaitReady();
  }

  /** What the client that came last has before it may call. */
  #awaitReady(): void {
    const { ready } = this.#setting;
    if (ready !== undefined) this.#draft.steps.push({ await: { wire: ready, within: PATIENT_MS } });
  }

  #probe(client: string): void {
    const procedure = this.#words.procedures.find((each) => each.procedure === this.#words.probe);
    this.#invoke(procedure, client, PLAIN_DRAW);
    const probe = this.#model.calls.at(-1);
    if (probe === undefined) return;
    this.#draft.readAll(probe);
    this.#draft.end(probe);
  }

  #handlers(): void {
    // Those that say most come first: one that says less takes any, and a later call may have overtaken an earlier one.
    const bySubstance = [...this.#model.heard].sort((a, b) => Object.keys(b).length - Object.keys(a).length);
    for (const { call, ...heard } of bySubstance) {
      if (!call.procedure.resent && this.#draft.mood !== 'calm') continue;
      this.#draft.steps.push({ handler: { procedure: call.procedure.procedure, ...heard, within: PATIENT_MS } });
    }
  }

  #openClients(): readonly string[] {
    return [...this.#clients].flatMap(([name, state]) => (state === 'open' ? [name] : []));
  }

  #connectArguments(): Record<string, unknown> {
    const { connect } = this.#setting;
    if (!this.#deadly) return connect;
    const timers = isPlainObject(connect['timers']) ? connect['timers'] : {};
    return { ...connect, timers: { ...timers, ...this.#words.outage.timers } };
  }
}

function pick<T>(among: readonly T[], choice: number): T | undefined {
  return among[choice % Math.max(1, among.length)];
}
