// What a page does: asks for one URL in the way that it was told, and says what it could see of the answer.
// A classic script, not a module, since frames of any origin load it. Not here: what should come of it.
"use strict";

{
  const PATIENCE = 10_000; // milliseconds
  const TEXT = "Vulpes corsac";
  const BODIES = {
    none: () => undefined,
    text: () => TEXT,
    form: () => new URLSearchParams({ fox: TEXT }),
    multipart: () => {
      const form = new FormData();
      form.append("fox", TEXT);
      return form;
    },
    blob: () => new Blob([JSON.stringify(TEXT)], { type: "application/json" }),
    bytes: () => new TextEncoder().encode(TEXT),
  };

  /** What nobody can see is null. `failed`: an error instead of an answer. */
  const seen = (what) => ({ failed: false, readable: null, type: null, status: null, headers: null, error: null, body: null, ...what });
  const failed = (error) => seen({ failed: true, readable: false, error });

  async function viaFetch({ url, method, headers, body, credentials, mode, redirect }) {
    const response = await fetch(url, { method, headers, body: BODIES[body](), credentials, mode, redirect });
    const { type, status } = response;
    const readable = type === "basic" || type === "cors";
    return seen({ readable, type, status, headers: [...response.headers], body: readable ? await response.text() : null });
  }

  function viaXMLHttpRequest({ url, method, headers, body, credentials }) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      request.withCredentials = credentials === "include";
      for (const [name, value] of headers) request.setRequestHeader(name, value);
      request.onerror = () => resolve(failed(`error event, status ${request.status}`));
      request.onload = () => {
        const lines = request.getAllResponseHeaders().split("\r\n").filter(Boolean);
        const pairs = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
        resolve(seen({ readable: true, status: request.status, headers: pairs, body: request.responseText }));
      };
      request.send(BODIES[body]() ?? null);
    });
  }

  function viaEventSource({ url, credentials }) {
    return new Promise((resolve) => {
      const source = new EventSource(url, { withCredentials: credentials === "include" });
      // Closed at once in both cases, since it would ask again and again.
      source.onopen = () => resolve(seen({ readable: true, status: 200 })) ?? source.close();
      source.onerror = () => resolve(failed("error event")) ?? source.close();
    });
  }

  /** An element that loads by itself; `isReadable` looks at what it loaded, and null says that nothing can tell. */
  function viaElement(name, place, isReadable, properties) {
    return ({ url, mode, credentials }) =>
      new Promise((resolve) => {
        const made = Object.assign(document.createElement(name), properties);
        if (mode === "cors") made.crossOrigin = credentials === "include" ? "use-credentials" : "anonymous";
        const settle = (what) => {
          resolve(what);
          made.remove();
        };
        made.onload = () => settle(seen({ readable: isReadable(made) }));
        made.onerror = () => settle(failed("error event"));
        made[place] = url;
        // An image loads without a document, and has no place in this one.
        if (name !== "img") document.head.append(made);
      });
  }

  function isPictureReadable(image) {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.drawImage(image, 0, 0);
    try {
      return canvas.getImageData(0, 0, 1, 1).data.length > 0;
    } catch {
      return false;
    }
  }

  function isStyleReadable(link) {
    try {
      return link.sheet.cssRules.length >= 0;
    } catch {
      return false;
    }
  }

  const WAYS = {
    fetch: viaFetch,
    xmlhttprequest: viaXMLHttpRequest,
    eventsource: viaEventSource,
    image: viaElement("img", "src", isPictureReadable),
    stylesheet: viaElement("link", "href", isStyleReadable, { rel: "stylesheet" }),
    script: viaElement("script", "src", () => null),
    module: viaElement("script", "src", () => null, { type: "module" }),
  };

  /** Asks, and never throws: an error is what a page saw. */
  globalThis.runFetch = async (asked) => {
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve(failed(`no answer in ${PATIENCE / 1000} seconds`)), PATIENCE);
    });
    try {
      return await Promise.race([WAYS[asked.kind](asked), late]);
    } catch (error) {
      return failed(`${error.name}: ${error.message}`);
    } finally {
      clearTimeout(timer);
    }
  };
}
