// The list of examples: a link for each, and running them all.
// Here: the navigation and its marks. Not here: what one run is (perform.js), the form.

import { element, prose } from "/code.js";
import { compare } from "/compare.js";
import { Skipped } from "/perform.js";

const STATES = {
  waiting: "not run yet",
  readable: "readable, as it should be",
  refused: "not readable, as it should be",
  unexpected: "unexpected",
  skipped: "not possible here",
};

export class Examples {
  #links = new Map();

  constructor(demo, list) {
    this.demo = demo;
    for (const group of new Set(demo.examples.map((example) => example.group))) {
      const own = demo.examples.filter((example) => example.group === group);
      list.append(element("h3", {}, group), element("ol", {}, ...own.map((example) => this.#link(example))));
    }
  }

  #link(example) {
    const said = element("span", { className: "unseen" });
    const link = element("a", { href: `#${example.name}` }, element("span", { className: "dot" }), element("span", {}, example.title), said);
    this.#links.set(example.name, link);
    this.#mark(example.name, "waiting");
    return element("li", {}, link);
  }

  #mark(name, state) {
    const link = this.#links.get(name);
    link.dataset.state = state;
    link.querySelector(".dot").title = STATES[state];
    link.querySelector(".unseen").textContent = state === "waiting" ? "" : ` (${STATES[state]})`;
  }

  /** Whether a run came out as the table says, and as was predicted. */
  judge(example, own, { said, observed, record }) {
    const found = said.problems.map(({ message }) => message);
    if (found.length === 0) found.push(...compare(said.verdicts[own], observed, record).sentences);
    const seen = observed?.at(-1).readable;
    if (found.length === 0 && seen !== null && seen !== example.readable) {
      found.push(example.readable ? "The page must be able to read the answer." : "The page must not be able to read the answer.");
    }
    const good = example.readable ? "readable" : "refused";
    this.#mark(example.name, found.length ? "unexpected" : good);
    return found;
  }

  /** The example that the form holds is the current one. */
  current(name) {
    for (const [own, link] of this.#links) {
      if (own === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** Runs all, one after the other: the record then reads as one. Returns a sentence. */
  async runAll(own, stage) {
    const unexpected = [];
    let skipped = 0;
    for (const example of this.demo.examples) {
      try {
        const found = this.judge(example, own, await stage.perform(example.state));
        if (found.length) unexpected.push(`${example.title}: ${found.join(" ")}`);
      } catch (error) {
        if (!(error instanceof Skipped)) throw error;
        skipped += 1;
        this.#mark(example.name, "skipped");
      }
    }
    const total = this.demo.examples.length;
    const parts = [`${total - skipped - unexpected.length} of ${total} examples as they should be.`];
    if (skipped) parts.push(`${skipped} not possible here.`);
    return { sentence: [...parts, ...unexpected].join(" "), unexpected: unexpected.length };
  }

  /** What an example is about, in `place`; without one, whose state this is. */
  describe(example, place) {
    place.querySelector("h2").textContent = example?.title ?? "Your own";
    place.querySelector(".shows").replaceChildren(
      ...prose(example?.shows ?? "Whatever you change is predicted at once, and kept in this page’s address. Run it to see what this browser does."),
    );
    place.querySelector(".sections").replaceChildren(...(example?.sections ?? []).map(([label, href]) =>
      element("li", {}, element("a", { href, rel: "noreferrer" }, label)),
    ));
  }
}
