// The drawing of what went to and fro: three lanes, an arrow per message, the header lines under each arrow.
// Here: elements from data, as text and never as markup. Not here: running or judging.

import { element, members } from "/code.js";

const [PAGE, BROWSER, SERVER] = [0, 1, 2];
const LANES = ["page", "browser", "server"];

// What nearly every request or answer carries; it is kept, and shown on demand.
const EVERYDAY = /^(host|user-agent|accept|accept-.*|connection|referer|sec-.*|dnt|cache-control|pragma|content-length|priority|upgrade-insecure-requests|date|server)$/i;
const BROWSERS_OWN = /^(origin|cookie|access-control-request-.*)$/i;
const PROTOCOLS_OWN = /^(access-control-.*|vary)$/i;

/** A link to the step of the standard that a message is part of. */
function section(label, anchor) {
  const href = `https://fetch.spec.whatwg.org/#${anchor}`;
  return element("a", { className: "section", href, rel: "noreferrer" }, label);
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

function policysPart(exchange) {
  if (!exchange.outcome) return "";
  const because = exchange.refusal ? `, because of the ${exchange.refusal}` : "";
  const words = {
    preflight_allowed: "It answers alone: the API never sees a preflight.",
    preflight_refused: "It answers alone and tells nobody what would be allowed.",
    actual_allowed: "The API answers; corsac adds what lets the page read it.",
    actual_refused: "The API answers all the same; no line lets the page read it.",
    no_origin: "Without an Origin it is no CORS request.",
  };
  const kind = exchange.outcome.endsWith("allowed") ? "allowed" : "refused";
  return element(
    "p", { className: `part ${kind}` },
    element("b", {}, "The policy says "), element("code", {}, exchange.outcome), `${because}. ${words[exchange.outcome] ?? ""}`,
  );
}

function divided(lines, ...kinds) {
  const rest = kinds.map((kind) => lines.filter(([name]) => kind.test(name)));
  return [...rest, lines.filter(([name]) => !kinds.some((kind) => kind.test(name)))];
}

/** By name: browsers send their lines in other orders, and both columns should read alike. */
const sorted = (lines) => [...lines].sort(([one], [other]) => one.localeCompare(other));

function request(exchange, marks) {
  const [everyday, own, scripts] = divided(exchange.request, EVERYDAY, BROWSERS_OWN).map(sorted);
  const path = new URL(exchange.url).pathname.replace(/^\/[0-9a-f]{12}(?=\/)/, "…");
  const label = [element("b", {}, exchange.method), exchange.is_preflight ? " preflight" : ` ${path}`];
  return message(
    BROWSER, SERVER, label, `request ${marks}`,
    headerLines("the browser adds", own, "browsers"), headerLines("the script set", scripts, "plain"), everydayLines(everyday),
    exchange.is_preflight ? section("CORS-preflight request", "cors-preflight-request") : section("CORS request", "cors-request"),
  );
}

function response(exchange, refused, marks) {
  const kind = `${refused ? "refused" : "allowed"} ${marks}`;
  if (exchange.status === null) return message(SERVER, BROWSER, "no response", kind);
  const added = new Set(exchange.added.map(([name]) => name.toLowerCase()));
  const ours = exchange.response.filter(([name]) => added.has(name.toLowerCase()));
  const others = exchange.response.filter(([name]) => !added.has(name.toLowerCase()));
  const [everyday, protocols, theirs] = divided(others, EVERYDAY, PROTOCOLS_OWN);
  return message(
    SERVER, BROWSER, element("b", {}, exchange.status), kind,
    policysPart(exchange), headerLines("corsac adds", ours, "corsacs"),
    headerLines("the server says of CORS", protocols, "corsacs"), headerLines("the API’s own", theirs, "plain"), everydayLines(everyday),
    exchange.is_preflight ? section("CORS-preflight fetch", "cors-preflight-fetch-0") : section("CORS check", "concept-cors-check"),
  );
}

/** The request that a refused preflight asked for. */
function neverSent(exchange) {
  const asked = exchange.request.find(([name]) => /^access-control-request-method$/i.test(name));
  return message(BROWSER, SERVER, `${asked?.[1] ?? "the request"} is never sent`, "never");
}

function valueOf(rows) {
  return element(
    "dl", { className: "value" },
    ...rows.map(([key, value]) => element("div", {}, element("dt", {}, key), element("dd", {}, element("code", {}, value)))),
  );
}

/** What the page gets in the end. */
function ending(end) {
  if (end.failed) {
    return message(
      BROWSER, PAGE, "an error", "refused final",
      element("p", { className: "caption" }, "The page learns nothing but"),
      element("p", {}, element("code", {}, end.error)),
      element("p", {}, "No status, no header, no byte, and no reason: that stands in the browser’s console only."),
    );
  }
  const rows = [];
  if (end.type) rows.push(["type", end.type]);
  if (end.status !== null) rows.push(["status", String(end.status)]);
  if (end.headers) rows.push(["headers", end.headers.map(([name]) => name).join(", ") || "none"]);
  if (end.body) rows.push(["body", end.body]);
  const words = {
    true: "The page can read the answer",
    false: "It came, and the page cannot read it",
    null: "It was loaded",
  };
  return message(
    BROWSER, PAGE, end.readable === false ? "a closed box" : "the answer", `${end.readable === false ? "refused" : "allowed"} final`,
    element("p", { className: "caption" }, words[end.readable]), rows.length ? valueOf(rows) : "",
  );
}

/** Replaces the messages in `list` by those of all turns; `marked` holds the places of the requests that differ. */
export function draw(list, turns, marked = new Set()) {
  const messages = [];
  let place = 0;
  for (const { exchanges, end } of turns) {
    messages.push(message(PAGE, BROWSER, "asks", "request"));
    exchanges.forEach((exchange, index) => {
      const last = index === exchanges.length - 1;
      const marks = marked.has(place) ? "differs" : "";
      const refused = last && (end.failed || end.readable === false);
      messages.push(request(exchange, marks), response(exchange, refused, marks));
      if (last && exchange.is_preflight && end.failed) messages.push(neverSent(exchange));
      place += 1;
    });
    messages.push(ending(end));
  }
  list.replaceChildren(...messages);
}
