import type { Role } from '../../protocols/common/frame.ts';
import { attemptsOf, faultOf } from './disturb.ts';
import { hostileSteps } from './hostile.ts';
import { type CallModel, type Expected, Model } from './model.ts';
import type { Command, Draw, Hostility, Scenario } from './scenario.ts';
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

/** What kind of scenario it became. */
export type Mood = 'calm' | 'rough' | 'hostile';

/** For whom a scenario is unfolded. */
export interface UnfoldSetting {
  readonly underTest: Role;
  /** The features that may be used. */
  readonly has: (feature: string) => boolean;
  /** Whether time is sure: else a busy machine may cost a connection. */
  readonly steady: boolean;
}

/** Longest wait, nominal ms: detection of a silent network, several attempts with back-off, and a retransmission fit in. */
const PATIENT_MS = 20_000;

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
export function unfold(scenario: Scenario, words: Words, setting: UnfoldSetting): Unfolded {
  const unfolding = new Unfolding(scenario, words, setting);
  for (const command of scenario.commands) unfolding.carryOut(command);
  return unfolding.conclude();
}

class Unfolding {
  readonly #scenario: Scenario;
  readonly #words: Words;
  readonly #for: UnfoldSetting;
  readonly #model: Model;
  readonly #setting: Words['settings'][number];
  readonly #steps: Record<string, unknown>[] = [];
  readonly #needs = new Set<string>();
  readonly #clients = new Map<string, 'open' | 'closed'>();
  readonly #deadly: boolean;
  #attempts: number;
  /** While connections are refused nothing can be read, and no second pause fits. */
  #away: 'no' | 'yes' | 'paused' = 'no';
  #mood: Mood = 'calm';

  constructor(scenario: Scenario, words: Words, setting: UnfoldSetting) {
    this.#scenario = scenario;
    this.#words = words;
    this.#for = setting;
    this.#model = new Model(words);
    this.#attempts = words.attempts;
    const own = words.settings[scenario.setting % words.settings.length];
    const [plain] = words.settings;
    if (own === undefined || plain === undefined) throw new Error('fuzz.yaml: there is no setting');
    const rough = scenario.commands.some((command) => command.do === 'disturb' || command.do === 'outage');
    this.#setting = (rough && own.calm) || !this.#need(own.needs) ? plain : own;
    this.#deadly = scenario.commands.some((command) => command.do === 'outage') && this.#need(words.features.outage);
    this.#clients.set('main', 'open');
    const connect = this.#connectArguments();
    if (Object.keys(connect).length > 0) this.#steps.push({ connect });
  }

  carryOut(command: Command): void {
    switch (command.do) {
      case 'invoke':
        this.#invoke(this.#words.procedures[command.procedure % this.#words.procedures.length], command.client, command.draw);
        break;
      case 'send': {
        const call = pick(
          this.#model.calls.filter((each) => each.requestsOpen && each.procedure.requests.length > 0),
          command.call,
        );
        if (call === undefined || !this.#mayDraw(command.draw, call.procedure)) break;
        // A call that the server has ended may know of it or not.
        if (call.state !== 'open') break;
        this.#steps.push({ send: { to: call.name, request: this.#model.send(call, command.request, command.draw) } });
        break;
      }
      case 'receive': {
        const call = pick(
          this.#model.calls.filter((each) => each.state !== 'lost' && each.unread.length > 0),
          command.call,
        );
        if (call !== undefined && this.#away === 'no' && this.#mood !== 'hostile') this.#receive(call);
        break;
      }
      case 'finish': {
        const call = pick(
          this.#model.calls.filter((each) => each.requestsOpen && each.procedure['on-finish'] !== undefined),
          command.call,
        );
        if (call !== undefined) this.#finish(call);
        break;
      }
      case 'cancel': {
        const call = pick(
          this.#model.calls.filter((each) => !this.#model.mayChangeStores(each)),
          command.call,
        );
        if (call !== undefined && this.#need(this.#words.features.cancel)) this.#cancel(call);
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
        const cost = attemptsOf(command.disturbance);
        if (cost > this.#attempts) break;
        this.#attempts -= cost;
        this.#roughen();
        if (command.disturbance.word === 'away') this.#away = this.#away === 'no' ? 'yes' : this.#away;
        this.#steps.push({ fault: faultOf(command.disturbance, this.#words) });
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
    if (this.#mood === 'hostile') {
      this.#steps.push({ quiet: { for: AFTERMATH_MS, no: this.#words.never } });
      return this.#unfolded();
    }
    for (const call of this.#model.calls) {
      if (this.#scenario.concludes && call.requestsOpen && call.state === 'open' && call.procedure['on-finish'] !== undefined)
        this.#finish(call);
      this.#readAll(call);
      const endless = call.state === 'open' && this.#scenario.concludes;
      if (endless && this.#need(this.#words.features.cancel)) this.#cancel(call);
      this.#readAll(call);
      this.#end(call);
    }
    for (const [client, state] of this.#clients) if (state === 'open') this.#probe(client);
    if (this.#scenario.watchesHandlers && this.#need(this.#words.features.handlers)) this.#handlers();
    const open = this.#model.calls.filter((call) => call.state === 'open');
    if (open.length > 0) this.#steps.push({ quiet: { for: QUIET_MS, calls: open.map(({ name }) => name) } });
    return this.#unfolded();
  }

  #unfolded(): Unfolded {
    const connections = this.#mood === 'calm' && this.#for.steady ? this.#clients.size : undefined;
    return { steps: this.#steps, needs: [...this.#needs], server: this.#setting.server, mood: this.#mood, connections };
  }

  #roughen(): void {
    if (this.#mood === 'calm') this.#mood = 'rough';
  }

  #beHostile(hostility: Hostility): void {
    const call =
      hostility.do === 'tamper'
        ? undefined
        : pick(
            this.#model.calls.filter(({ client }) => client === 'main'),
            hostility.call,
          );
    const steps = hostileSteps(hostility, this.#words, this.#for.underTest, call?.name);
    if (steps.length > 0) this.#mood = 'hostile';
    this.#steps.push(...steps);
  }

  #invoke(procedure: ProcedureWords | undefined, client: number, draw: Draw): void {
    if (procedure === undefined || !this.#mayDraw(draw, procedure) || !this.#need(procedure.needs)) return;
    const asked = pick(this.#openClients(), client);
    if (asked === undefined) return;
    const call = this.#model.invoke(nameOf(this.#model.calls.length), asked, procedure, draw);
    const { name, init } = call;
    this.#steps.push({
      invoke: {
        as: name,
        ...(call.client === 'main' ? {} : { on: call.client }),
        procedure: procedure.procedure,
        ...(procedure.kind === undefined ? {} : { kind: procedure.kind }),
        init,
      },
    });
  }

  #receive(call: CallModel): void {
    const expected = call.unread.shift();
    if (expected === undefined) return;
    this.#steps.push({ receive: { from: call.name, ...wanted(expected), within: PATIENT_MS } });
  }

  #readAll(call: CallModel): void {
    if (call.state === 'lost') return;
    while (call.unread.length > 0) this.#receive(call);
  }

  #finish(call: CallModel): void {
    if (call.unread.length > 0 && !this.#need(this.#words.features['half-close'])) {
      if (this.#away !== 'no') return;
      this.#readAll(call);
    }
    this.#steps.push({ finish: call.name });
    this.#model.finish(call);
  }

  #cancel(call: CallModel): void {
    if (call.state === 'over' || call.unread.length > 0) this.#roughen();
    this.#steps.push({ cancel: call.name });
    this.#model.cancel(call);
  }

  #end(call: CallModel): void {
    if (call.state === 'over') this.#steps.push({ end: { of: call.name, within: PATIENT_MS } });
    if (call.state === 'lost') this.#steps.push({ end: { of: call.name, whatever: true, within: PATIENT_MS } });
    if (call.state === 'over' || call.state === 'lost') call.state = 'done';
  }

  #connect(): void {
    if (this.#clients.size >= MOST_CLIENTS || !this.#need(this.#words.features.clients)) return;
    const name = `client${this.#clients.size + 1}`;
    this.#clients.set(name, 'open');
    this.#steps.push({ connect: { as: name, ...this.#connectArguments() } });
  }

  #disconnect(client: string): void {
    if (this.#clients.get(client) !== 'open' || this.#openClients().length < 2) return;
    this.#clients.set(client, 'closed');
    this.#roughen();
    this.#steps.push({ disconnect: client });
    this.#model.lose((each) => each === client);
  }

  #pause(ms: number): void {
    if (this.#away === 'paused') return;
    const bounded = this.#away === 'yes' ? Math.min(ms, this.#words['away-ms']) : ms;
    if (this.#away === 'yes') this.#away = 'paused';
    const closes = this.#mood === 'calm' && this.#for.steady ? { 'no-close': true } : {};
    this.#steps.push({ quiet: { for: bounded, no: this.#words.never, ...closes } });
  }

  #heal(): void {
    if (this.#away !== 'no') this.#steps.push({ fault: 'restore' });
    this.#away = 'no';
  }

  #outage(): void {
    this.#roughen();
    this.#steps.push({ fault: 'cut' }, { quiet: { for: this.#words.outage.ms, no: this.#words.never } }, { fault: 'restore' });
    this.#away = 'no';
    this.#model.lose(() => true);
  }

  #probe(client: string): void {
    const index = this.#words.procedures.findIndex(({ procedure }) => procedure === this.#words.probe);
    const procedure = this.#words.procedures[index];
    if (procedure === undefined) return;
    this.#invoke(procedure, this.#openClients().indexOf(client), PLAIN_DRAW);
    const probe = this.#model.calls.at(-1);
    if (probe === undefined) return;
    this.#readAll(probe);
    this.#end(probe);
  }

  #handlers(): void {
    for (const { call, ...heard } of this.#model.heard) {
      this.#steps.push({ handler: { procedure: call.procedure.procedure, ...heard, within: PATIENT_MS } });
    }
  }

  #openClients(): readonly string[] {
    return [...this.#clients].flatMap(([name, state]) => (state === 'open' ? [name] : []));
  }

  #connectArguments(): Record<string, unknown> {
    const timers = this.#deadly ? { timers: this.#words.outage.timers } : {};
    return { ...timers, ...this.#setting.connect };
  }

  /** Whether these features may be used; the case then needs them. */
  #need(features: readonly string[]): boolean {
    if (!features.every(this.#for.has)) return false;
    for (const feature of features) this.#needs.add(feature);
    return true;
  }

  #mayDraw(draw: Draw, procedure: ProcedureWords): boolean {
    const takes = JSON.stringify(procedure).includes('"$value"') && JSON.stringify(draw.value).includes('"$bigint"');
    return !takes || this.#need(this.#words.features.bigint);
  }
}

function wanted(expected: Expected): Record<string, unknown> {
  return 'error' in expected ? { error: { code: expected.error } } : { ok: expected.ok };
}

function pick<T>(among: readonly T[], choice: number): T | undefined {
  return among[choice % Math.max(1, among.length)];
}

/** a, b, … z, call26, … */
function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `call${index}`;
}
