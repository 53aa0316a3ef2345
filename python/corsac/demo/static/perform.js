// Predicting and doing: asks the demo's server what will happen, lets it happen, and fetches what was recorded.
// Here: the frames from which other origins ask. Not here: what is made of it (compare.js, outcome.js).

import { element, pairsOf } from "/code.js";

const PATIENCE = 15_000; // milliseconds for a frame to load or to answer; longer than run.js waits
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** What this browser cannot try here; the message says why. */
export class Skipped extends Error {}

/** The demo's servers do not answer as they should. */
export class Unanswered extends Error {}

/** This browser's engine, as `corsac.browser` calls it; every browser on iOS is WebKit. */
export function engine() {
  const said = navigator.userAgent;
  if (/Firefox\//.test(said)) return "firefox";
  return /Chrom(e|ium)\//.test(said) ? "chromium" : "webkit";
}

function newRun() {
  // Not crypto.randomUUID: a page on plain http beyond this machine does not have it.
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ask(path, question) {
  const options = question && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  };
  try {
    return await (await fetch(path, options)).json();
  } catch {
    throw new Unanswered("The demo’s servers do not answer. Were they stopped?");
  }
}

/** Problems, or verdicts; under a run of its own, which the next `perform` does not share. */
export function predict(state, run = newRun()) {
  return ask("/predictions", { run, state });
}

export class Stage {
  #frames = new Map();
  #turns = 0;

  /** `slot`: where the frames stand. */
  constructor(demo, slot) {
    this.demo = demo;
    this.slot = slot;
  }

  /** Predicts, asks, and reads the record: {said, observed, record}; only {said} where that has problems. */
  async perform(state) {
    const run = newRun();
    const said = await predict(state, run);
    if (said.problems.length) return { said };
    if (state.path === "away" && !LOOPBACK.test(location.hostname)) {
      throw new Skipped("It needs a second name for this server, which only the machine that runs the demo has.");
    }
    const { kind, method, body, credentials, mode, redirect } = state;
    const asked = { kind, url: said.url, method, headers: pairsOf(state.headers), body, credentials, mode, redirect };
    const observed = [];
    for (let turn = 0; turn < (state.twice ? 2 : 1); turn += 1) observed.push(await this.#observe(state.sender, asked));
    return { said, observed, record: await ask(`/runs/${run}`) };
  }

  async #observe(sender, asked) {
    if (sender === "page") return runFetch(asked);
    const frame = await this.#frame(sender);
    const turn = (this.#turns += 1);
    const answered = heard(frame, (data) => data.turn === turn);
    // "*", because an opaque origin has no name to address; the message holds no secret.
    frame.contentWindow.postMessage({ turn, asked }, "*");
    return (await answered).observed;
  }

  async #frame(sender) {
    if (!this.#frames.has(sender)) {
      const frame = element("iframe", { title: `A frame: ${this.demo.choices.sender[sender]}` });
      frame.dataset.sender = sender;
      const { "{stranger}": stranger, "{api}": api } = this.demo.names;
      if (sender === "stranger" && !LOOPBACK.test(location.hostname)) {
        throw new Skipped(`It needs a second name for this server, and ${location.hostname} has none that this browser could reach. Open the page on the machine that runs the demo.`);
      }
      if (sender === "null") frame.sandbox = "allow-scripts";
      frame.src = { null: "", stranger, own: api }[sender] + "/frame.html";
      this.slot.append(frame);
      const ready = heard(frame, (data) => data.ready).catch((error) => {
        this.#frames.delete(sender);
        frame.remove();
        throw error;
      });
      this.#frames.set(sender, ready.then(() => frame));
    }
    return this.#frames.get(sender);
  }
}

/** The next message of a frame that `wanted` accepts. */
function heard(frame, wanted) {
  return new Promise((resolve, reject) => {
    const listen = (event) => {
      if (event.source !== frame.contentWindow || !wanted(event.data)) return;
      stop();
      resolve(event.data);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Unanswered(`The frame ${frame.src} does not answer.`));
    }, PATIENCE);
    const stop = () => {
      clearTimeout(timer);
      removeEventListener("message", listen);
    };
    addEventListener("message", listen);
  });
}
