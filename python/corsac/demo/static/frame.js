// The frame's part: asks from this frame's origin what the page tells it to, and says what it saw.
// A classic script, not a module: a module would itself be fetched with CORS, and this origin is nobody's.
"use strict";

document.querySelector("#origin").textContent = self.origin;

addEventListener("message", async (event) => {
  if (event.source !== parent) return;
  const { turn, asked } = event.data;
  parent.postMessage({ turn, observed: await runFetch(asked) }, event.origin);
});

parent.postMessage({ ready: true }, "*");
