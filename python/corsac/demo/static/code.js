// Text to read and to copy: the script that asks, and code with its strings and keywords marked.
// Here: elements from text, never markup. Not here: running anything that is shown.

const ON_ONE_LINE = 32; // characters; a longer word may break anywhere, so that a phone can show it

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Text in which code stands between backquotes. */
export function prose(text) {
  return text.split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part));
}

const TOKENS = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(const|await|async|return|new|import|from|true|false|True|False|None)\b/g;

/** Code with its strings and keywords marked; JavaScript, Python and TOML alike. */
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

/** Code line by line, so that what does not fit continues under its own indentation. */
export function lines(text) {
  return text.split("\n").map((line) => {
    const hanging = line.search(/\S|$/) + 2;
    const made = element("span", { className: "code-line" }, ...code(line), "\n");
    made.style.paddingInlineStart = `${hanging}ch`;
    made.style.textIndent = `-${hanging}ch`;
    return made;
  });
}

/** A header's value, its list members kept whole: a break at a hyphen reads as two names. */
export function members(value) {
  return value.split(/(, *)/).map((part) =>
    part.startsWith(",") || part.length > ON_ONE_LINE ? part : element("span", { className: "whole" }, part),
  );
}

const BODIES = {
  text: '"Vulpes corsac"',
  form: 'new URLSearchParams({ fox: "Vulpes corsac" })',
  multipart: "new FormData(form)",
  blob: 'new Blob([json], { type: "application/json" })',
  bytes: 'new TextEncoder().encode("Vulpes corsac")',
};

const quoted = (text) => JSON.stringify(text);

/** Pairs of a form's header lines. */
export function pairsOf(headers) {
  return headers.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
}

/** The script that does what the form says. */
export function scriptOf(state, url) {
  const crossOrigin = state.credentials === "include" ? "use-credentials" : "anonymous";
  const crossed = state.mode === "cors" ? [`  crossOrigin: ${quoted(crossOrigin)},`] : [];
  const made = (name, more) => [
    `const made = document.createElement(${quoted(name)});`,
    "Object.assign(made, {", ...crossed, ...more, "});", "document.head.append(made);",
  ];
  const scripts = {
    fetch: () => fetchScript(state, url),
    xmlhttprequest: () => requestScript(state, url),
    image: () => ["const image = new Image();", "Object.assign(image, {", ...crossed, `  src: ${quoted(url)},`, "});"],
    script: () => made("script", [`  src: ${quoted(url)},`]),
    module: () => made("script", ['  type: "module",', `  src: ${quoted(url)},`]),
    stylesheet: () => made("link", ['  rel: "stylesheet",', `  href: ${quoted(url)},`]),
    eventsource: () => [
      `new EventSource(${quoted(url)}, {`, `  withCredentials: ${state.credentials === "include"},`, "});",
    ],
  };
  return scripts[state.kind]().join("\n");
}

function fetchScript(state, url) {
  const options = [];
  if (state.method !== "GET") options.push(`  method: ${quoted(state.method)},`);
  if (state.headers.length) {
    const pairs = pairsOf(state.headers).map((pair) => `    [${pair.map(quoted).join(", ")}],`);
    options.push("  headers: [", ...pairs, "  ],");
  }
  if (state.body !== "none") options.push(`  body: ${BODIES[state.body]},`);
  if (state.credentials !== "same-origin") options.push(`  credentials: ${quoted(state.credentials)},`);
  if (state.mode !== "cors") options.push(`  mode: ${quoted(state.mode)},`);
  if (state.redirect !== "follow") options.push(`  redirect: ${quoted(state.redirect)},`);
  const call = `const response = await fetch(${quoted(url)}`;
  return options.length ? [`${call}, {`, ...options, "});"] : [`${call});`];
}

function requestScript(state, url) {
  const headers = pairsOf(state.headers).map((pair) => `request.setRequestHeader(${pair.map(quoted).join(", ")});`);
  return [
    "const request = new XMLHttpRequest();",
    `request.open(${quoted(state.method)}, ${quoted(url)});`,
    ...(state.credentials === "include" ? ["request.withCredentials = true;"] : []),
    ...headers,
    `request.send(${BODIES[state.body] ?? ""});`,
  ];
}
