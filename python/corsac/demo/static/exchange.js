// The drawing of one exchange: four lanes, an arrow per message, the header lines under each arrow.
// Here: elements from recorded data, as text and never as markup. Not here: running or judging.

const [PAGE, BROWSER, CORSAC, API] = [0, 1, 2, 3];
const ON_ONE_LINE = 32; // characters; a longer word may break anywhere, so that a phone can show it
const LANES = ["page", "browser", "corsac", "API"];

// What nearly every request or answer carries; it is kept, and shown on demand.
const EVERYDAY = /^(host|user-agent|accept|accept-.*|connection|referer|sec-.*|dnt|cache-control|pragma|content-length|priority|upgrade-insecure-requests)$/i;
const BROWSERS_OWN = /^(origin|cookie|access-control-request-.*)$/i;

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A link to the step of the standard that a message is part of. */
function section(label, anchor) {
  const href = `https://fetch.spec.whatwg.org/#${anchor}`;
  return element("a", { className: "section", href, rel: "noreferrer" }, label);
}

const TOKENS = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(const|await|async|return|new|True|False|None)\b/g;

/** Code with its strings and keywords marked; JavaScript and Python alike. */
export function code(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    parts.push(text.slice(end, match.index));
    const kind = match[1] ? "string" : "keyword";
    parts.push(element("span", { className: match[0].length > ON_ONE_LINE ? kind : `${kind} whole` }, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

/** A script, line by line, so that what does not fit continues under its own indentation. */
export function script(text) {
  return text.split("\n").map((line) => {
    const hanging = line.search(/\S|$/) + 2;
    const made = element("span", { className: "code-line" }, ...code(line));
    made.style.paddingInlineStart = `${hanging}ch`;
    made.style.textIndent = `-${hanging}ch`;
    return made;
  });
}

/** A header's value, its list members kept whole: a break at a hyphen reads as two names. */
function members(value) {
  return value.split(/(, *)/).map((part) =>
    part.startsWith(",") || part.length > ON_ONE_LINE ? part : element("span", { className: "whole" }, part),
  );
}

function headerLines(caption, lines, kind) {
  if (lines.length === 0) return "";
  return element(
    "div", { className: `header-lines ${kind}` },
    element("p", { className: "caption" }, caption),
    element("dl", {}, ...lines.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, ...members(value))),
    )),
  );
}

/** Lines that every message has: shown on demand. */
function everydayLines(lines) {
  if (lines.length === 0) return "";
  const summary = `${lines.length} everyday line${lines.length > 1 ? "s" : ""}`;
  return element("details", {}, element("summary", {}, summary), headerLines("in every message", lines, "plain"));
}

function message(from, to, label, kind, ...below) {
  const arrow = element("div", { className: "arrow" }, element("span", { className: "label" }, ...[label].flat()));
  arrow.style.setProperty("--start", Math.min(from, to));
  arrow.style.setProperty("--span", Math.abs(from - to));
  const item = element(
    "li", { className: `message ${kind} ${from < to ? "rightwards" : "leftwards"}` },
    element("span", { className: "unseen" }, `From ${LANES[from]} to ${LANES[to]}: `), arrow,
  );
  const shown = below.filter((child) => child !== "");
  if (shown.length) item.append(element("div", { className: "below" }, ...shown));
  return item;
}

const isPreflight = (exchange) => exchange.outcome.startsWith("preflight");
const isAllowed = (exchange) => exchange.outcome.endsWith("allowed");

function policysPart(exchange) {
  const because = exchange.refusal ? `, because of the ${exchange.refusal}` : "";
  const words = {
    preflight_allowed: "It answers alone: the API never sees a preflight.",
    preflight_refused: "It answers alone and tells nobody what would be allowed. The request itself is never sent.",
    actual_allowed: "The API answers; corsac adds what lets the page read it.",
    actual_refused: "The API answers all the same; no line lets the page read it.",
    no_origin: "Not a CORS request.",
  };
  return element(
    "p", { className: `part ${isAllowed(exchange) ? "allowed" : "refused"}` },
    element("b", {}, "The policy says "), element("code", {}, exchange.outcome), `${because}. ${words[exchange.outcome] ?? ""}`,
  );
}

function request(exchange) {
  const lines = exchange.request.filter(([name]) => !EVERYDAY.test(name));
  const everyday = exchange.request.filter(([name]) => EVERYDAY.test(name));
  const own = lines.filter(([name]) => BROWSERS_OWN.test(name));
  const scripts = lines.filter(([name]) => !BROWSERS_OWN.test(name));
  const label = [element("b", {}, exchange.method), isPreflight(exchange) ? " preflight" : ""];
  return message(
    BROWSER, isPreflight(exchange) ? CORSAC : API, label, "request",
    headerLines("the browser adds", own, "browsers"), headerLines("the script set", scripts, "plain"), everydayLines(everyday),
    isPreflight(exchange) ? section("CORS-preflight request", "cors-preflight-request") : section("CORS request", "cors-request"),
  );
}

function response(exchange) {
  const added = new Set(exchange.added.map(([name]) => name.toLowerCase()));
  const ours = exchange.response.filter(([name]) => added.has(name.toLowerCase()));
  const others = exchange.response.filter(([name]) => !added.has(name.toLowerCase()));
  const theirs = others.filter(([name]) => !EVERYDAY.test(name));
  const everyday = others.filter(([name]) => EVERYDAY.test(name));
  return message(
    isPreflight(exchange) ? CORSAC : API, BROWSER, element("b", {}, exchange.status),
    isAllowed(exchange) ? "allowed" : "refused",
    policysPart(exchange), headerLines("corsac adds", ours, "corsacs"), headerLines("the API’s own", theirs, "plain"), everydayLines(everyday),
    isPreflight(exchange) ? section("CORS-preflight fetch", "cors-preflight-fetch-0") : section("CORS check", "concept-cors-check"),
  );
}

/** The request that a refused preflight asked for. */
function neverSent(exchange) {
  const asked = exchange.request.find(([name]) => /^access-control-request-method$/i.test(name));
  return message(BROWSER, API, `${asked?.[1] ?? "the request"} is never sent`, "never");
}

function valueRead(value) {
  const text = (part) => (typeof part === "string" ? part : JSON.stringify(part));
  return element(
    "dl", { className: "value" },
    ...Object.entries(value ?? {}).map(([key, part]) =>
      element("div", {}, element("dt", {}, key), element("dd", {}, element("code", {}, text(part)))),
    ),
  );
}

function read(answer) {
  if (!answer.error) {
    return message(
      BROWSER, PAGE, "the answer", "allowed final",
      element("p", { className: "caption" }, "The browser let the script read"), valueRead(answer.value),
    );
  }
  return message(
    BROWSER, PAGE, "an error", "refused final",
    element("p", { className: "caption" }, "The browser let the script read nothing"),
    element("p", {}, element("code", {}, answer.error)),
    element("p", {}, "No status, no header, no byte, and no reason: that stands in the browser’s console only."),
  );
}

/** Replaces the messages in `list` by those of one run. */
export function drawExchange(list, answer, record) {
  const messages = [];
  let asked = false; // whether the page's fetch that led to this request is drawn already
  record.forEach((exchange, index) => {
    if (!asked) messages.push(message(PAGE, BROWSER, "fetch", "request"));
    asked = isPreflight(exchange);
    messages.push(request(exchange), response(exchange));
    const more = index + 1 < record.length;
    if (exchange.outcome === "preflight_refused") messages.push(neverSent(exchange));
    if (!isPreflight(exchange) && more) messages.push(message(BROWSER, PAGE, "the answer", "allowed"));
  });
  if (record.length === 0) messages.push(message(PAGE, BROWSER, "fetch", "request"));
  messages.push(read(answer));
  list.replaceChildren(...messages);
}
