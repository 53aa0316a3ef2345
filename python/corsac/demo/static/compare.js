// Prediction against reality: what differs, in words, and in which message.
// Here: plain data in, sentences out. Not here: any drawing.

const LOOKED_AT = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"];

const all = (verdicts) => verdicts.flatMap(({ exchanges }) => exchanges);
const listed = (names) => names.join(", ") || "none";

function header(exchange, name) {
  return exchange.request.find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1] ?? null;
}

/** A run's id stands in its URLs, but not where a server's own Location leads; such requests are not recorded. */
function recordable(exchange) {
  return new URL(exchange.url).searchParams.has("run");
}

function exchangeDifferences(predicted, came) {
  if (!came) return [`predicted was ${predicted.method} ${predicted.url}, and it did not come`];
  if (!predicted) return [`${came.method} ${came.url} came, and was not predicted`];
  const found = [];
  const look = (what, before, after) => {
    if (before !== after) found.push(`${what}: predicted was ${before ?? "none"}, and it was ${after ?? "none"}`);
  };
  look("method", predicted.method, came.method);
  look("URL", predicted.url, came.url);
  for (const name of LOOKED_AT) look(name, header(predicted, name), header(came, name));
  look("status", predicted.status, came.status);
  return found;
}

function outcomeDifferences(verdict, observed) {
  const found = [];
  const look = (what, before, after) => {
    // What a page cannot see is null, and agrees with everything.
    if (after !== null && before !== after) found.push(`${what}: predicted was ${before ?? "none"}, and it was ${after}`);
  };
  look("failed", verdict.failure !== null, observed.failed);
  look("readable", verdict.readable, observed.readable);
  if (observed.failed) {
    const promised = /^\w*Error: /.test(observed.error);
    if (promised) look("error", verdict.script_error, observed.error);
    return found;
  }
  look("response type", verdict.response_type, observed.type);
  look("status", verdict.status, observed.status);
  const exposed = observed.headers && listed(observed.headers.map(([name]) => name.toLowerCase()).sort());
  look("headers", listed(verdict.exposed_headers.map(([name]) => name)), exposed);
  return found;
}

/** Every difference as a sentence; `messages` tells the places of the requests that differ. */
export function compare(verdicts, observed, record) {
  const sentences = [];
  const messages = new Set();
  const predicted = all(verdicts).filter(recordable);
  for (let place = 0; place < Math.max(predicted.length, record.length); place += 1) {
    const found = exchangeDifferences(predicted[place], record[place]);
    if (found.length) messages.add(place);
    sentences.push(...found.map((one) => `Request ${place + 1}: ${one}.`));
  }
  observed.forEach((one, turn) => {
    sentences.push(...outcomeDifferences(verdicts[turn], one).map((said) => `What the page saw: ${said}.`));
  });
  return { sentences, messages };
}

/** What both columns show of a turn's end. */
export function endOf(verdict) {
  return {
    failed: verdict.failure !== null,
    readable: verdict.readable,
    type: verdict.response_type,
    status: verdict.status,
    headers: verdict.response_type === "opaque" ? null : verdict.exposed_headers,
    error: verdict.script_error,
    body: null,
  };
}

/** A record taken apart into turns, as the prediction has them. */
export function turnsOf(record, verdicts, observed) {
  const first = observed.length > 1 ? verdicts[0].exchanges.length : record.length;
  return observed.map((end, turn) => ({ exchanges: turn ? record.slice(first) : record.slice(0, first), end }));
}
