// The result: the prediction for a browser, step by step, and beside it what this browser did.
// Here: what both columns say. Not here: the arrows (drawing.js), what differs (compare.js).

import { element, lines, prose, scriptOf } from "/code.js";
import { compare, endOf, turnsOf } from "/compare.js";
import { draw } from "/drawing.js";

const NAMES = { standard: "the standard", chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };

const PLACES = { policy: "The policy", preflight: "The answer to OPTIONS", response: "The answer", page: "The page" };

const part = (selector) => document.querySelector(selector);

/** Changes only what differs, so that a screen reader says nothing twice. */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

export function headline(end, because = "") {
  if (end.failed) return `Blocked. ${because}`.trim();
  if (end.readable === null) return "Loaded.";
  return end.readable ? "Readable." : "Not readable: an opaque response.";
}

const stateOf = (end) => (end.failed || end.readable === false ? "refused" : "readable");

export class Outcome {
  constructor(own) {
    this.own = own;
    this.chosen = own;
    this.said = null;
    this.happened = null;
  }

  /** The prediction for another browser. */
  choose(browser) {
    this.chosen = browser;
    this.#show();
  }

  /** A new prediction; what happened before belongs to another state. */
  predicted(said, state) {
    this.said = said;
    for (const figure of document.querySelectorAll(".of-policy")) figure.hidden = !said.python;
    if (said.python) {
      part("#policy-code").replaceChildren(...lines(said.python));
      part("#policy-toml").replaceChildren(...lines(said.toml));
    }
    part("#code").hidden = !said.url;
    if (said.url) part("#script-code").replaceChildren(...lines(scriptOf(state, said.url)));
    this.#advise(said);
    this.#show();
  }

  /** The lines to change, and what else is worth knowing. */
  #advise({ verdicts, changes = [], remarks = [], warnings = [] }) {
    part("#advice").hidden = changes.length + remarks.length + warnings.length === 0;
    const readable = verdicts?.standard.at(-1).readable;
    part("#advice-title").textContent = changes.length === 0 ? "Worth knowing" : readable ? "To read more" : "What to change";
    part("#changes").replaceChildren(...changes.map(({ where, line, before, text }) =>
      element(
        "li", {}, element("p", {}, `${PLACES[where]}: ${text}`),
        element("div", { className: "change" }, ...before.map((old) => element("del", {}, old)), element("ins", {}, line)),
      ),
    ));
    part("#remarks").replaceChildren(...[...warnings, ...remarks].map((remark) => element("li", {}, ...prose(remark))));
  }

  /** What this browser did: {observed, record}. Returns how it differs from the prediction. */
  saw(happened) {
    const verdicts = this.said.verdicts[this.own];
    this.happened = { ...happened, found: compare(verdicts, happened.observed, happened.record) };
    this.#show();
    const end = happened.observed.at(-1);
    const box = part("#happened");
    box.dataset.state = stateOf(end);
    delete box.dataset.stale;
    say(part("#happened-headline"), headline(end, end.error ?? ""));
    part("#happened-note").hidden = true;
    return this.happened.found;
  }

  /** The form has changed since. */
  stale(note) {
    const box = part("#happened");
    box.dataset.stale = "true";
    say(part("#happened-note"), note);
    part("#happened-note").hidden = false;
    part("#agreement").hidden = true;
    this.happened = null;
    if (this.said?.verdicts) this.#show();
  }

  #show() {
    const verdicts = this.said?.verdicts?.[this.chosen];
    for (const shown of ["#predicted", "#explained"]) part(shown).hidden = !verdicts;
    part("#unpredicted").hidden = Boolean(verdicts);
    part("#happened").hidden = !verdicts && part("#happened-headline").textContent === "";
    if (!verdicts) return;
    const last = verdicts.at(-1);
    const failing = last.steps.find(({ passed }) => !passed);
    part("#predicted").dataset.state = stateOf(endOf(last));
    say(part("#predicted-headline"), headline(endOf(last), failing?.text ?? ""));
    // Marks are for the browser that was looked at.
    const marked = this.chosen === this.own && this.happened ? this.happened.found.messages : new Set();
    draw(part("#predicted-messages"), verdicts.map((verdict) => ({ exchanges: verdict.exchanges, end: endOf(verdict) })), marked);
    this.#showSteps(verdicts);
    this.#showConsole(verdicts);
    if (this.happened) this.#showHappened(marked);
  }

  #showSteps(verdicts) {
    const steps = verdicts.flatMap(({ steps: own }) => own);
    part("#steps").replaceChildren(...steps.map((step) =>
      element(
        "li", { className: step.passed ? "passed" : "failed" },
        element("span", { className: "unseen" }, step.passed ? "Passed: " : "Failed: "), `${step.text} `,
        element("a", { href: step.source, rel: "noreferrer" }, element("code", {}, step.code)),
      ),
    ));
  }

  #showConsole(verdicts) {
    const printed = verdicts.flatMap(({ console: own }) => own);
    const standard = this.chosen === "standard";
    part("#console").hidden = standard || printed.length === 0;
    part("#console").replaceChildren(...printed.map((line) => element("li", {}, line)));
    part("#console-note").textContent = standard
      ? "The standard prints nothing. Choose a browser to see its words."
      : printed.length ? `What ${NAMES[this.chosen]} prints, word for word:` : `${NAMES[this.chosen]} prints nothing.`;
  }

  #showHappened(marked) {
    const { observed, record, found } = this.happened;
    draw(part("#happened-messages"), turnsOf(record, this.said.verdicts[this.own], observed), marked);
    const { sentences } = found;
    part("#agreement").hidden = false;
    part("#agreement").dataset.agrees = sentences.length === 0;
    part("#agreement-headline").textContent = sentences.length
      ? `${NAMES[this.own]} did otherwise than predicted:`
      : `This browser did as predicted for ${NAMES[this.own]}.`;
    part("#differences").replaceChildren(...sentences.map((sentence) => element("li", {}, sentence)));
  }
}
