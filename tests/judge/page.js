// The script of the judge's pages: asks what it is ordered to, and reports what came of it.
//
// Here: one function for each kind of ask. Not here: which asks there are (`rows_*.py`).
// Spec: https://html.spec.whatwg.org/multipage/urls-and-fetching.html

const LIMIT = 8000; // milliseconds for one ask
const UNHEARD = 250; // milliseconds for a request of which a page hears nothing
const AFTERWARDS = 25; // milliseconds for the console to say what belongs to a row

const sleep = (milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const BODIES = {
  text: () => "hello",
  json: () => '{"a": 1}',
  search: () => new URLSearchParams("a=1"),
  form: () => {
    const form = new FormData();
    form.append("a", "1");
    return form;
  },
  bytes: () => new Uint8Array([1, 2, 3]),
  blob: () => new Blob(["hello"]),
  "text-blob": () => new Blob(["hello"], { type: "text/plain" }),
  "json-blob": () => new Blob(["{}"], { type: "application/json" }),
  stream: () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("hello"));
        controller.close();
      },
    }),
};

const bodyOf = (init) => (init.body === undefined ? undefined : BODIES[init.body]());

const KINDS = {
  async fetch(url, init) {
    const options = { ...init, body: bodyOf(init) };
    if (init.body === "stream") options.duplex = "half";
    const response = await fetch(url, options);
    await response.text();
    const { type, status } = response;
    return { ok: true, type, status, headers: [...response.headers] };
  },

  xmlhttprequest(url, init) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? "GET", url);
      request.withCredentials = init.credentials === "include";
      for (const [name, value] of init.headers ?? [])
        request.setRequestHeader(name, value);
      if (init.upload) request.upload.addEventListener("progress", () => {});
      request.onload = () => {
        const lines = request.getAllResponseHeaders().split("\r\n").slice(0, -1);
        const headers = lines.map((line) => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon), line.slice(colon + 2)];
        });
        resolve({ ok: true, status: request.status, headers });
      };
      request.onerror = () => resolve({ ok: false, error: `error event, status ${request.status}` });
      request.send(bodyOf(init));
    });
  },

  image: (url, init) => load("img", { ...init, src: url }),
  script: (url, init) => load("script", { ...init, src: url }),
  stylesheet: (url, init) => load("link", { ...init, rel: "stylesheet", href: url }),

  preload: (url, init) => load("link", { ...init, rel: "preload", as: "fetch", href: url }),

  video: (url, init) => play("video", { ...init, src: url }),
  audio: (url, init) => play("audio", { ...init, src: url }),

  async track(url, init) {
    const track = document.createElement("track");
    Object.assign(track, { kind: "subtitles", default: true, src: url });
    const video = document.createElement("video");
    for (const [name, value] of Object.entries(init)) video.setAttribute(name, value);
    video.append(track);
    document.body.append(video);
    track.track.mode = "showing";
    await sleep(UNHEARD);
    video.remove();
    return {};
  },

  async module(url) {
    await import(url);
    return { ok: true };
  },

  async font(url) {
    await new FontFace("Judge", `url(${url})`).load();
    return { ok: true };
  },

  eventsource(url, init) {
    return new Promise((resolve) => {
      const source = new EventSource(url, {
        withCredentials: init.credentials === "include",
      });
      source.onopen = () => {
        source.close();
        resolve({ ok: true });
      };
      // One that has failed for good is closed, and one that tries again is not.
      source.onerror = () => {
        if (source.readyState !== EventSource.CLOSED) source.close();
        resolve({ ok: false, error: "error event" });
      };
    });
  },

  websocket(url) {
    return new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.onopen = () => {
        resolve({ ok: true });
        socket.close();
      };
      socket.onclose = (event) =>
        resolve({ ok: false, error: `close event, code ${event.code}` });
      // A close event follows, but for sockets that were never tried.
      socket.onerror = () =>
        sleep(UNHEARD).then(() => resolve({ ok: false, error: "error event" }));
    });
  },

  async beacon(url, init) {
    navigator.sendBeacon(url, bodyOf(init));
    await sleep(UNHEARD);
    return {};
  },

  async ping(url) {
    const anchor = document.createElement("a");
    anchor.href = "#asked";
    anchor.ping = url;
    document.body.append(anchor);
    anchor.click();
    await sleep(UNHEARD);
    history.replaceState(null, "", location.pathname);
    return {};
  },

  async navigation(url, init) {
    const frame = document.createElement("iframe");
    frame.name = "target";
    document.body.append(frame);
    if (init.method === "POST") {
      const form = document.createElement("form");
      Object.assign(form, { target: "target", method: "post", action: url });
      document.body.append(form);
      form.submit();
    } else {
      frame.src = url;
    }
    await sleep(UNHEARD);
    frame.remove();
    return {};
  },
};

function load(tag, attributes) {
  return new Promise((resolve) => {
    const element = document.createElement(tag);
    element.onload = () => resolve({ ok: true });
    element.onerror = () => resolve({ ok: false, error: "error event" });
    for (const [name, value] of Object.entries(attributes))
      element.setAttribute(name, value);
    document.body.append(element);
  });
}

async function play(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries({ ...attributes, preload: "auto" }))
    element.setAttribute(name, value);
  document.body.append(element);
  await sleep(UNHEARD);
  element.remove();
  return {};
}

async function ask({ kind, url, init, wait }) {
  await sleep(wait);
  try {
    const late = sleep(LIMIT).then(() => ({ ok: null, error: "no answer in time" }));
    return await Promise.race([KINDS[kind](url, init), late]);
  } catch (error) {
    const { name, message } = error;
    return { ok: false, error: message ? `${name}: ${message}` : name };
  }
}

async function call(path, options) {
  return (await fetch(`${SETTINGS.home}/${path}`, options)).json();
}

async function obey() {
  for (const { row, asks } of await call(`orders/${SETTINGS.page}`)) {
    reportError(new Error(`judge begins ${row} .`));
    const outcomes = [];
    for (const one of asks) outcomes.push(await ask(one));
    await sleep(AFTERWARDS);
    reportError(new Error(`judge ends ${row} .`));
    const body = JSON.stringify(outcomes);
    await call(`outcome/?row=${row}`, { method: "POST", body });
  }
  const following = await call(`done/${SETTINGS.page}`);
  if (self === top) proceed(following);
  else parent.postMessage(following, "*");
}

function proceed(following) {
  if (following) location.href = following;
}

if (SETTINGS.page === "null" && self === top) {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  frame.srcdoc = document.documentElement.outerHTML;
  addEventListener("message", (event) => proceed(event.data));
  document.body.append(frame);
} else {
  obey();
}
