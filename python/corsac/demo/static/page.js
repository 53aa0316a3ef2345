// The page: builds one article per example, runs the scripts, and judges what came of them.
// The drawing of an exchange is in exchange.js; what must come out is in the table that demo.json brings.

import { code, drawExchange, element, script } from "/exchange.js";

const PATIENCE = 10_000; // milliseconds for a frame to load or to answer
const STATES = {
  waiting: "Not run yet",
  running: "Running…",
  readable: "Readable, as it should be",
  refused: "Refused, as it should be",
  unexpected: "Unexpected",
  skipped: "Not possible here",
};

const demo = await (await fetch("/demo.json")).json();
const api = new URL(location.origin);
api.port = demo.apiPort;
const cards = new Map();
let turns = 0;

class Skipped extends Error {}

function newRun() {
  // Not crypto.randomUUID: a page on plain http beyond this machine does not have it.
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Running

async function inPage(example, url) {
  try {
    return { value: await corsacScripts[example.name](url) };
  } catch (error) {
    return { error: `${error.name}: ${error.message}` };
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
      reject(new Error(`The frame ${frame.src} does not answer.`));
    }, PATIENCE);
    const stop = () => {
      clearTimeout(timer);
      removeEventListener("message", listen);
    };
    addEventListener("message", listen);
  });
}

async function frameFor(example, card) {
  if (card.frame) return card.frame;
  const frame = document.createElement("iframe");
  frame.title = `The frame that runs “${example.title}”`;
  if (example.sender === "null") {
    frame.sandbox = "allow-scripts";
    frame.src = "/frame.html";
  } else {
    const here = location.hostname;
    if (!/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(here)) {
      throw new Skipped(`It needs a second name for this server, and ${here} has none that this browser could reach. Open the page on the machine that runs the demo.`);
    }
    frame.src = `${demo.stranger}/frame.html`;
  }
  const slot = card.part(".frame-slot");
  slot.hidden = false;
  slot.replaceChildren(frame);
  await heard(frame, (data) => data.ready);
  return (card.frame = frame);
}

async function inFrame(example, url, card) {
  const frame = await frameFor(example, card);
  const turn = ++turns;
  const answered = heard(frame, (data) => data.turn === turn);
  // "*", because an opaque origin has no name to address; the message holds no secret.
  frame.contentWindow.postMessage({ turn, name: example.name, url }, "*");
  return (await answered).answer;
}

async function recordOf(run) {
  try {
    return await (await fetch(`/runs/${run}`)).json();
  } catch {
    throw new Error("The demo’s servers do not answer. Were they stopped?");
  }
}

// Judging

/** What differs from the table, in words; nothing if all is as it should be. */
function differences(example, answer, record) {
  const found = [];
  const said = (row) => row.outcome + (row.refusal ? ` (${row.refusal})` : "");
  const expected = example.answered.map(said).join(", ");
  const actual = record.map(said).join(", ");
  if (expected !== actual) {
    found.push(`The policy must say ${expected}; it said ${actual || "nothing, because no request arrived"}.`);
  }
  if (example.readable && answer.error) {
    found.push(`The page must be able to read the answer; it got ${answer.error}.`);
  }
  if (!example.readable && !answer.error) {
    found.push("The browser must refuse the page this answer, and let it through.");
  }
  if (example.readable && !answer.error) {
    for (const [key, value] of Object.entries(example.reads)) {
      if (answer.value?.[key] !== value) {
        found.push(`${key} must be ${JSON.stringify(value)}; it is ${JSON.stringify(answer.value?.[key])}.`);
      }
    }
  }
  return found;
}

function show(card, state, problems = []) {
  card.article.dataset.state = card.link.dataset.state = state;
  card.part(".state").textContent = STATES[state];
  card.link.querySelector(".dot").title = STATES[state];
  const list = card.part(".problems");
  list.hidden = problems.length === 0;
  list.replaceChildren(...problems.map((problem) => element("li", {}, problem)));
}

async function run(example) {
  const card = cards.get(example.name);
  const button = card.part(".run");
  const id = newRun();
  const url = new URL(`/${example.policy}/${example.path}?run=${id}`, api).href;
  button.disabled = true;
  delete card.article.dataset.outcome;
  card.part(".address code").textContent = url;
  show(card, "running");
  try {
    const answer = example.sender === "page" ? await inPage(example, url) : await inFrame(example, url, card);
    const record = await recordOf(id);
    const found = differences(example, answer, record);
    drawExchange(card.part(".messages"), answer, record);
    const good = example.readable ? "readable" : "refused";
    show(card, found.length ? "unexpected" : good, found);
    card.article.dataset.outcome = found.length ? "unexpected" : "expected";
  } catch (error) {
    const skipped = error instanceof Skipped;
    show(card, skipped ? "skipped" : "unexpected", [error.message]);
    card.article.dataset.outcome = skipped ? "skipped" : "unexpected";
  } finally {
    button.disabled = false;
    summarize();
  }
}

async function runAll() {
  const button = document.querySelector("#run-all");
  button.disabled = true;
  document.documentElement.dataset.corsacDone = "false";
  // One after the other: the cookie's count is a sequence, and so the record reads as one.
  for (const example of demo.examples) await run(example);
  document.documentElement.dataset.corsacDone = "true";
  button.disabled = false;
}

function summarize() {
  const count = (state) => [...cards.values()].filter((card) => card.article.dataset.state === state).length;
  const [readable, refused, unexpected, skipped] = ["readable", "refused", "unexpected", "skipped"].map(count);
  const parts = [`${readable + refused} of ${cards.size} as they should be: ${readable} readable, ${refused} refused`];
  if (unexpected) parts.push(`${unexpected} unexpected`);
  if (skipped) parts.push(`${skipped} not possible here`);
  const summary = document.querySelector("#summary");
  summary.textContent = parts.join("; ");
  summary.dataset.unexpected = unexpected > 0;
}

// Building

function buildPolicies() {
  const list = document.querySelector("#policy-list");
  for (const [name, policy] of Object.entries(demo.policies)) {
    const figure = document.querySelector("#policy-template").content.cloneNode(true);
    figure.querySelector("figcaption").textContent = policy.note;
    figure.querySelector("code").append(
      "Policy(\n",
      ...policy.lines.map((line) =>
        element("span", { className: "policy-line", id: `policy-${name}-${line.keyword}` }, ...code(line.text)),
      ),
      ")",
    );
    list.append(figure);
  }
}

function buildExample(example, index) {
  const article = document.querySelector("#example-template").content.cloneNode(true).firstElementChild;
  const part = (selector) => article.querySelector(selector);
  const link = element(
    "a", { href: `#${example.name}` }, element("span", { className: "dot" }), element("span", {}, example.title),
  );
  const where = { page: "runs in this page", null: "runs in a sandboxed frame", stranger: `runs in a frame from ${demo.stranger}` };
  article.id = example.name;
  part(".number").textContent = index + 1;
  part(".title").textContent = example.title;
  part(".shows").append(...example.shows.split("`").map((text, place) => (place % 2 ? element("code", {}, text) : text)));
  part(".where").textContent = where[example.sender];
  if (example.sender !== "page") part(".lanes span").textContent = "Frame";
  part(".script code").append(...script(example.script));
  part(".run").addEventListener("click", () => run(example));
  part(".run").setAttribute("aria-label", `Run “${example.title}”`);
  const lines = demo.policies[example.policy].lines.filter((line) => example.depends_on.includes(line.keyword));
  part(".depends").append(...lines.map((line) =>
    element("li", {}, element("a", { href: `#policy-${example.policy}-${line.keyword}` }, element("code", {}, ...code(line.text)))),
  ));
  part(".sections").append(...example.sections.map(([label, href]) =>
    element("li", {}, element("a", { href, rel: "noreferrer" }, label)),
  ));
  document.querySelector("#examples").append(article);
  document.querySelector("#index").append(element("li", {}, link));
  cards.set(example.name, { article, part, link });
  show(cards.get(example.name), "waiting");
}

document.querySelector("#page-origin").textContent = location.origin;
document.querySelector("#api-origin").textContent = api.origin;
buildPolicies();
demo.examples.forEach(buildExample);
document.querySelector("#run-all").addEventListener("click", runAll);
await runAll();
